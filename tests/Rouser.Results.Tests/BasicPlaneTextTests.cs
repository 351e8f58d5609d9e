using System.Text;

namespace Rouser.Results.Tests;

public class BasicPlaneTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("C:\\data\\täxt \uFFFD", "C:\\data\\täxt \uFFFD")]
    [InlineData("a🧠b", "a\\u{1F9E0}b")]
    [InlineData("🧠🧠", "\\u{1F9E0}\\u{1F9E0}")]
    public void A_character_beyond_the_basic_plane_becomes_its_code_point(string text, string plain)
    {
        Assert.Equal(plain, BasicPlaneText.Of(text));
        Assert.Equal(text == plain, BasicPlaneText.Is(text));
    }

    // No theory's data: a lone surrogate does not outlive xunit's way of handing data over.
    [Fact]
    public void A_lone_surrogate_becomes_its_number()
    {
        Assert.Equal("half \\u{D83E}", BasicPlaneText.Of("half \uD83E"));
        Assert.Equal("\\u{DDE0} half", BasicPlaneText.Of("\uDDE0 half"));
        Assert.False(BasicPlaneText.Is("half \uD83E"));
    }

    // What it is for: readers of Parquet compare UTF-8.
    [Fact]
    public void Such_texts_have_one_order_in_UTF_8_and_UTF_16()
    {
        string[] texts = [.. Enumerable.Range(0, 500).Select(seed => BasicPlaneText.Of(Text(new Random(seed))))];
        Assert.Equal(
            texts.Order(StringComparer.Ordinal),
            texts.OrderBy(Encoding.UTF8.GetBytes, Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)))
        );
    }

    private static string Text(Random random) =>
        string.Concat(
            Enumerable
                .Range(0, random.Next(5))
                .Select(_ => new[] { "a", "é", "漢", "🧠", "\uFFFD", "\uD83E", "\uE000" }[random.Next(7)])
        );
}
