"""What a photo's file says of the shot beside pixels: ISO, aperture, exposure time, camera, and when it was taken."""
