using System.Text;
using CsCheck;

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
    public void Such_texts_have_one_order_in_UTF_8_and_UTF_16() =>
        Gen.Select(Texts, Texts)
            .Sample(
                (x, y) =>
                {
                    (x, y) = (BasicPlaneText.Of(x), BasicPlaneText.Of(y));
                    int utf8 = Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
                    return Math.Sign(utf8) == Math.Sign(string.CompareOrdinal(x, y));
                }
            );

    private static readonly Gen<string> Texts = Gen.OneOf("a", "é", "漢", "🧠", "\uFFFD", "\uD83E", "\uE000")
        .List[0, 5]
        .Select(string.Concat);
}
