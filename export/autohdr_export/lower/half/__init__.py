"""float16 and bfloat16: the graph itself is rewritten, since TensorRT's networks are strongly typed.

The transformer's body, from the pixels to its last LayerNorm, is in half precision; the tones, the features, the
head, and what measurement shows to be sensitive stay float32. OpenVINO runs such a graph as it is written when it is
asked for float32 (`INFERENCE_PRECISION_HINT` f32), and so the body alone in bfloat16. ONNX Runtime's CPU provider is
kinder to float16 than a GPU, and has no bfloat16: there, `stepwise` graphs are compared.

Why our own and no maintained converter, each tried on the default model with all but the body on its block list
(November 2026):

- onnxruntime.transformers.float16 (1.31): float16 alone; 571 Casts that follow a Cast, since what lies between two
  float32 nodes is made float16 all the same; nodes out of order, and twice of one name, which onnx's checker and ONNX
  Runtime refuse; weights that overflow are cut to 65504 without an error.
- onnxconverter-common (1.16): 190 Casts that follow a Cast, and so Whites off by 3.4 where ours is off by 0.01; cuts
  weights as well.
- NVIDIA's modelopt (0.47): pins onnx 1.21 and an onnxruntime older than ours.
- onnxscript's and onnx-ir's passes: none changes the precision.
"""

from autohdr_export.lower.half.body import Body, find_body
from autohdr_export.lower.half.narrow import narrow
from autohdr_export.lower.half.rewrite import Halved, halve
from autohdr_export.lower.half.stepwise import stepwise
from autohdr_export.lower.half.weights import Kind

__all__ = ["Body", "Halved", "Kind", "find_body", "halve", "narrow", "stepwise"]
