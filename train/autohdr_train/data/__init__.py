"""Photos with labels (`raw`), their tensors (`cache`, `tensors`), batches (`loader`), and simulated photos (`bank`)."""
