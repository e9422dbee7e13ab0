"""Features on which a photographer's style is simple: the picture's content and its tones, through a learnt map."""

import torch
from torch import Tensor, nn

FEATURES = 96
"""Numbers that describe a photo to the head."""
HIDDEN = 256
LIMIT = 6.0
"""Standard deviations at which an input ends, so that no odd photo is thrown far out."""


class Features(nn.Module):
    """A class token (N, D) and standardised tones (N, T) to features (N, F): first `learnt` ones, then `plain` ones.

    A learnt map is a linear one plus a small network, both learnt over made-up photographers (`autohdr_train.default`).
    It is followed by the tones as they are, for photographers unlike any of those. Without a map all features are
    plain: the tones, and the standardised class token, which has no limits, so that a head on it can be rewritten.
    """

    def __init__(self, width: int, tones: int, learnt: bool) -> None:
        super().__init__()
        self.token_mean: Tensor
        self.token_std: Tensor
        self.register_buffer("token_mean", torch.zeros(width))
        self.register_buffer("token_std", torch.ones(width))
        self.learnt, self.plain = (FEATURES, tones) if learnt else (0, tones + width)
        if learnt:
            self.linear = nn.Linear(width + tones, FEATURES)
            self.curved = nn.Sequential(
                nn.Linear(width + tones, HIDDEN),
                nn.GELU(),
                nn.Linear(HIDDEN, HIDDEN),
                nn.GELU(),
                nn.Linear(HIDDEN, FEATURES),
            )

    @property
    def size(self) -> int:
        """F."""
        return self.learnt + self.plain

    def forward(self, token: Tensor, tones: Tensor) -> Tensor:
        tones, token = tones.clamp(-LIMIT, LIMIT), (token - self.token_mean) / self.token_std
        if not self.learnt:
            return torch.cat([tones, token], dim=1)
        seen = torch.cat([tones, token.clamp(-LIMIT, LIMIT)], dim=1)
        return torch.cat([self.linear(seen) + self.curved(seen), tones], dim=1)

    @torch.no_grad()
    def standardise(self, tokens: Tensor) -> None:
        """Let class tokens (N, D) come out about 0 and 1 apart."""
        self.token_mean.copy_(tokens.mean(dim=0))
        self.token_std.copy_(tokens.std(dim=0).clamp(min=1e-2))
