using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Rouser.Core.Tests")]
