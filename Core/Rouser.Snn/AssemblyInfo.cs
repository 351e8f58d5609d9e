using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Rouser.Snn.Tests")]
[assembly: InternalsVisibleTo("Rouser.Testing")]

// Holds the torch engine against the reference.
[assembly: InternalsVisibleTo("Rouser.Worker.Tests")]
[assembly: InternalsVisibleTo("Rouser.Engines.Torch.Tests")]

// Both measure what this machine can do at most, and hold the kernels against it.
[assembly: InternalsVisibleTo("rouser")]
[assembly: InternalsVisibleTo("Rouser.Benchmarks")]
