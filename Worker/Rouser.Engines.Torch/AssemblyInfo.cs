using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Rouser.Engines.Torch.Tests")]
