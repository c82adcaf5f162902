#!/usr/bin/python3
"""Makes torch-lstm.npy and its like, PyTorch's side of tests/nn/test-recurrent.c (Debian: apt-get install python3-torch;
made with 1.13). Each file is a vector: the logits, the gradient by x, those of all parameters in their order, and the
losses of ten steps of Adam. Weights and data come from a formula, so they need no file."""
import os
import numpy as np
import torch

features, steps, batch, classes = 5, 7, 3, 4
# kind, output, hidden_size, num_layers, bidirectional
cases = {
    'lstm': (torch.nn.LSTM, 'sequence', 6, 2, True),
    'lstm-last': (torch.nn.LSTM, 'last', 17, 3, False),
    'lstm-last-both': (torch.nn.LSTM, 'last', 8, 1, True),
    'gru': (torch.nn.GRU, 'sequence', 6, 2, True),
    'gru-mean': (torch.nn.GRU, 'mean', 9, 1, False),
}


def hashed(n, series):
    """tests/nn/small-cnn.h's hashed(), for 0 … n - 1."""
    u = (np.arange(1, n + 1, dtype=np.uint64) * 2654435761 + series * 2246822519) & 0xffffffff
    u = ((u ^ (u >> np.uint64(15))) * np.uint64(2246822519)) & np.uint64(0xffffffff)
    u ^= u >> np.uint64(13)
    return ((u >> np.uint64(8)).astype(np.float64) / (1 << 23) - 1).astype(np.float32)


class Network(torch.nn.Module):
    def __init__(self, kind, output, hidden_size, num_layers, bidirectional):
        super().__init__()
        self.output, self.layers = output, num_layers
        self.rnn = kind(features, hidden_size, num_layers, bidirectional=bidirectional, batch_first=True)
        width = hidden_size * (2 if bidirectional else 1)
        self.logits = torch.nn.Linear(width * (steps if output == 'sequence' else 1), classes)

    def forward(self, x):  # (batch, features, steps)
        y, state = self.rnn(x.transpose(1, 2))
        h = state[0] if isinstance(state, tuple) else state
        if self.output == 'last':
            y = h.reshape(self.layers, -1, x.shape[0], h.shape[-1])[-1].transpose(0, 1).flatten(1)
        elif self.output == 'mean':
            y = y.mean(1)
        else:
            y = y.transpose(1, 2).flatten(1)
        return self.logits(y)


for name, case in cases.items():
    network = Network(*case)
    with torch.no_grad():
        for i, p in enumerate(network.parameters()):
            p.copy_(torch.from_numpy(hashed(p.numel(), i)).reshape(p.shape) * 0.3)
    x = torch.from_numpy(hashed(batch * features * steps, 99)).reshape(batch, features, steps).requires_grad_()
    targets = torch.tensor([0, 2, 3])
    optimizer = torch.optim.Adam(network.parameters(), 1e-2)
    losses = []
    for step in range(10):
        optimizer.zero_grad()
        logits = network(x)
        loss = torch.nn.functional.cross_entropy(logits, targets)
        loss.backward()
        if step == 0:
            first = [logits.detach(), x.grad.clone()] + [p.grad.clone() for p in network.parameters()]
        losses.append(loss.detach().reshape(1))
        optimizer.step()
    values = torch.cat([v.flatten() for v in first + losses]).numpy()
    np.save(os.path.join(os.path.dirname(os.path.abspath(__file__)), f'torch-{name}.npy'), values)
    print(name, values.size, values[-10:])
