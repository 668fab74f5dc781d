"""Update rules transcribed from their papers, in float64, in the papers' shape and letters.

Each takes the start and the list of gradients of one tensor (or of all tensors as one vector, where it says so) and
yields the parameters after each step. They serve as the oracle where no library has the rule right, and otherwise
as the second way to a library's numbers. Where PyTorch departs from a paper, PyTorch's form is transcribed and the
departure is named.
"""

from math import sqrt

import numpy as np

sign = np.sign


def sgd(x, gradients, lr, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False):
    """Sutskever et al. 2013 in PyTorch's form: the learning rate stays outside of the velocity."""
    v = None
    for g in gradients:
        g = g + weight_decay * x
        if momentum:
            v = g if v is None else momentum * v + (1 - dampening) * g
            g = g + momentum * v if nesterov else v
        x = x - lr * g
        yield x


def adagrad(x, gradients, lr, lr_decay=0.0, weight_decay=0.0, initial_accumulator_value=0.0, eps=1e-10):
    """Duchi, Hazan, Singer 2011, diagonal form."""
    G = np.full_like(x, initial_accumulator_value)
    for t, g in enumerate(gradients):
        g = g + weight_decay * x
        G = G + g * g
        x = x - lr / (1 + t * lr_decay) * g / (np.sqrt(G) + eps)
        yield x


def rmsprop(x, gradients, lr, alpha, eps, weight_decay=0.0, momentum=0.0, centered=False):
    """Tieleman and Hinton 2012, lecture 6.5; centered as Graves 2013, with epsilon outside the root as PyTorch."""
    n = np.zeros_like(x)
    mean = np.zeros_like(x)
    delta = np.zeros_like(x)
    for g in gradients:
        g = g + weight_decay * x
        n = alpha * n + (1 - alpha) * g**2
        mean = alpha * mean + (1 - alpha) * g
        root = np.sqrt(n - mean**2) if centered else np.sqrt(n)
        delta = momentum * delta + g / (root + eps)
        x = x - lr * delta
        yield x


def adam(theta, gradients, alpha, beta1, beta2, eps, weight_decay=0.0, decoupled=False, amsgrad=False):
    """Kingma and Ba 2015, algorithm 1; decoupled: Loshchilov and Hutter 2019, the decay times the learning rate.

    AMSGrad (Reddi et al. 2018) with the bias corrections, taken after the maximum, as PyTorch.
    """
    m = np.zeros_like(theta)
    v = np.zeros_like(theta)
    largest = np.zeros_like(theta)
    for t, g in enumerate(gradients, 1):
        if decoupled:
            theta = theta - alpha * weight_decay * theta
        else:
            g = g + weight_decay * theta
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        largest = np.maximum(largest, v)
        m_hat = m / (1 - beta1**t)
        v_hat = (largest if amsgrad else v) / (1 - beta2**t)
        theta = theta - alpha * m_hat / (np.sqrt(v_hat) + eps)
        yield theta
