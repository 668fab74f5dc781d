"""One module per family: each rule's transcription from its paper beside the library that is its oracle.

A transcription takes the start and the list of gradients of one tensor (or of all tensors as one vector, where it
says so) and yields the parameters after each step, in float64 and in the paper's shape and letters. It is the oracle
where no library has the rule right, and otherwise the second way to the library's numbers. Where PyTorch departs
from a paper, PyTorch's form is transcribed and the departure named.
"""
