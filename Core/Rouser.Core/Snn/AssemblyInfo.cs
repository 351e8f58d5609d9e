using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Rouser.Core.Tests")]
[assembly: InternalsVisibleTo("Rouser.Worker.Tests")]
