using System.Runtime.CompilerServices;

namespace Rouser.Testing;

/// <summary>
/// Expected output as a file beside the test: <c>NAME.verified.txt</c>. With the environment variable
/// <c>SNAPSHOT_UPDATE=1</c> the files are written instead of compared; the difference is then reviewed like any other
/// change.
/// </summary>
public static class Snapshot
{
    /// <summary>Whether expected output is written instead of compared.</summary>
    public static bool Rewrite { get; } = Environment.GetEnvironmentVariable("SNAPSHOT_UPDATE") == "1";

    /// <summary>Passes if the text equals the file's, line endings aside.</summary>
    /// <param name="actual">What the test produced.</param>
    /// <param name="name">The file's name, relative to the test's source file, without <c>.verified.txt</c>.</param>
    /// <param name="testFile">Filled in by the compiler.</param>
    public static void Match(string actual, string name, [CallerFilePath] string testFile = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(testFile)!, name + ".verified.txt");
        actual = Normalize(actual);
        if (Rewrite)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }
        if (!File.Exists(path))
            Assert.Fail($"There is no {name}.verified.txt; SNAPSHOT_UPDATE=1 writes it. Actual text:\n{actual}");
        string expected = Normalize(File.ReadAllText(path));
        if (actual != expected)
            Assert.Fail(Difference(expected, actual, name));
    }

    private static string Normalize(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    private static string Difference(string expected, string actual, string name)
    {
        string[] expectedLines = expected.Split('\n'),
            actualLines = actual.Split('\n');
        int line = expectedLines.Zip(actualLines).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{name}.verified.txt:{line + 1} differs; SNAPSHOT_UPDATE=1 rewrites it.\n"
            + $"expected: {LineAt(expectedLines, line)}\nactual:   {LineAt(actualLines, line)}\n\nActual text:\n{actual}";
    }

    private static string LineAt(string[] lines, int index) => index < lines.Length ? lines[index] : "(end of text)";
}
