using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Rouser.Engines.Torch;

/// <summary>
/// The native libraries of libtorch, which lie beside this assembly. Asked for before anything of TorchSharp's is
/// touched.
/// </summary>
/// <remarks>
/// Left to itself, TorchSharp answers a library that cannot be loaded by copying all of libtorch out of the package
/// cache, by writing its trace of 25 lines to standard output, and by an exception that names no cause.
/// </remarks>
internal static partial class LibTorch
{
    private static readonly Lazy<string?> Loaded = new(() => Load(Path.GetDirectoryName(typeof(LibTorch).Assembly.Location)!));

    /// <summary>Why libtorch cannot be used here, in one line with the remedy; null if it is loaded.</summary>
    public static string? WhyNot => Loaded.Value;

    /// <summary>Loads libtorch from a folder. TorchSharp's own search then finds the libraries loaded.</summary>
    /// <returns>Why it cannot be; null if it is loaded.</returns>
    internal static string? Load(string folder)
    {
        // In this order: the second needs the first, which it would not find by itself on every platform.
        foreach (string library in (string[])["torch_cpu", "LibTorchSharp"])
        {
            try
            {
                NativeLibrary.Load(Path.Combine(folder, FileName(library)));
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                return Explain(e.Message);
            }
        }
        return null;
    }

    /// <summary>One line from what the system's loader says.</summary>
    internal static string Explain(string message)
    {
        if (MissingVersion().Match(message) is { Success: true } missing)
        {
            return $"engine: torch cannot load libtorch: it wants {missing.Groups["version"].Value}, which {missing.Groups["library"].Value} lacks; "
                + "use engine: fused, or a system with the C++ library of GCC 13 or newer";
        }
        // .NET's advice comes first, the loader's own words last.
        string cause = message
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault("no reason given")
            .TrimEnd('.');
        return $"engine: torch cannot load libtorch ({cause}); use engine: fused";
    }

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{library}.dylib"
        : $"lib{library}.so";

    // glibc: /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by …)
    [GeneratedRegex(@"(?<library>\S+): version `(?<version>[^']+)' not found", RegexOptions.CultureInvariant)]
    private static partial Regex MissingVersion();
}
