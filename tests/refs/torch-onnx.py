#!/usr/bin/python3
"""Makes torch-normed.onnx, a network with layer normalisation and gelu as PyTorch's exporter writes them, and
torch-normed.npy, a picture and behind it its logits, for tests/nn/test-onnx.c (Debian: apt-get install python3-torch;
made with 1.13)."""
import os
import numpy as np
import torch


class OverChannels(torch.nn.Module):
    """torch.nn.LayerNorm over the first axis of a segment."""
    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = (torch.nn.Parameter(torch.randn(channels, 1, 1)) for _ in range(2))

    def forward(self, x):
        away = x - x.mean(1, keepdim=True)
        return away / ((away ** 2).mean(1, keepdim=True) + 1e-4).sqrt() * self.weight + self.bias


torch.manual_seed(1)
network = torch.nn.Sequential(
    torch.nn.Conv2d(1, 3, 3), torch.nn.LayerNorm((3, 4, 5)), torch.nn.GELU(), OverChannels(3), torch.nn.Flatten(),
    torch.nn.Linear(60, 6), torch.nn.GELU(), torch.nn.Linear(6, 4)).eval()
torch.nn.init.normal_(network[1].weight)
torch.nn.init.normal_(network[1].bias)
x = torch.randn(1, 1, 6, 7)
refs = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'torch-normed')
torch.onnx.export(network, x, refs + '.onnx', opset_version=11)
np.save(refs + '.npy', torch.cat([x.flatten(), network(x).detach().flatten()]).numpy())
