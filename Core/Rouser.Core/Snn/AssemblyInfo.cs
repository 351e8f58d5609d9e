using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Rouser.Core.Tests")]

// Both measure what this machine can do at most, and hold the kernels against it.
[assembly: InternalsVisibleTo("rouser")]
[assembly: InternalsVisibleTo("Rouser.Benchmarks")]
