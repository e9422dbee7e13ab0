"""How things are measured: in turn, watched for disturbance, and summed up by ranks."""
