using CsCheck;

namespace Rouser.Coordination.Tests;

public class AnnotationTests
{
    [Theory]
    [InlineData("good", true)]
    [InlineData("größe-2", true)]
    [InlineData("lr=0.1", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("two words", false)]
    [InlineData("a,b", false)]
    [InlineData("<b>", false)]
    [InlineData("=1+1", false)]
    [InlineData("-v", false)]
    [InlineData("a\u001b[31m", false)]
    [InlineData("a\u202eb", false)]
    public void A_tag_is_a_word_that_no_format_gives_a_meaning_to(string? word, bool isTag) =>
        Assert.Equal(isTag, AnnotationText.IsTag(word));

    [Theory]
    [InlineData("one line", "one line")]
    [InlineData("  two \r\n lines ", "two\nlines")]
    [InlineData("a\n\n\n\nb", "a\n\nb")]
    [InlineData("red \u001b[31mink\u001b[0m, \u202edrawkcab", "red ink, drawkcab")]
    [InlineData("bell\u0007", "bell\uFFFD")]
    public void A_note_is_kept_as_lines_of_harmless_text(string written, string kept) =>
        Assert.Equal(kept, AnnotationText.CleanNote(written));

    [Fact]
    public void Whatever_a_journal_holds_what_is_shown_is_clean_short_and_the_same_when_cleaned_again() =>
        Gen.Select(Gen.String[0, 3000], Gen.String[0, 50].Array[0, 40])
            .Sample(
                (note, tags) =>
                {
                    Annotation written = Annotation.None.With(new AnnotationChange(note, tags, []));
                    Assert.True(written.Note.Length <= AnnotationText.LongestNote);
                    Assert.DoesNotContain(written.Note, c => char.IsControl(c) && c != '\n');
                    Assert.Equal(written.Note, AnnotationText.CleanNote(written.Note));
                    Assert.True(written.Tags.Count <= AnnotationText.MostTags);
                    Assert.All(written.Tags, tag => Assert.True(AnnotationText.IsTag(tag)));
                    Assert.Equal(written.Tags, AnnotationText.Split(AnnotationText.Join(written.Tags)));
                }
            );

    [Fact]
    public void What_is_too_long_too_much_or_nothing_is_refused_before_it_is_recorded()
    {
        string[] many = [.. Enumerable.Range(0, 21).Select(i => $"t{i}")];
        Assert.Contains(
            "2000 are the most",
            new AnnotationChange(new string('x', 2001), [], []).Fault(),
            StringComparison.Ordinal
        );
        Assert.Contains("'two words'", new AnnotationChange(null, ["two words"], []).Fault(), StringComparison.Ordinal);
        Assert.Contains("more than 20", new AnnotationChange(null, many, []).Fault(), StringComparison.Ordinal);
        Assert.Equal("no note and no tag", new AnnotationChange(null, [], []).Fault());
        Assert.Null(new AnnotationChange("", [], []).Fault());
        Annotation full = Annotation.None.With(new AnnotationChange(null, many[..20], []));
        Assert.True(full.Overflows(new AnnotationChange(null, ["one-more"], [])));
        Assert.False(full.Overflows(new AnnotationChange(null, ["one-more"], ["t0"])));
    }
}
