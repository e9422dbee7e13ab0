"""Photos with labels (`raw`), their tensors (`cache`, `tensors`), batches of them (`loader`), and simulated ones (`bank`)."""
