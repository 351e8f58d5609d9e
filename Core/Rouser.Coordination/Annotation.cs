using System.Text.Json.Serialization;

namespace Rouser.Coordination;

/// <summary>
/// What a user has written to a trial or to the sweep. It is for readers alone: it changes no identity, and nothing is
/// decided by it.
/// </summary>
/// <param name="Note">Lines of text, as <see cref="AnnotationText.CleanNote"/> leaves them; empty for none.</param>
/// <param name="Tags">Words, each once, in ordinal order.</param>
public sealed record Annotation(string Note, IReadOnlyList<string> Tags)
{
    /// <summary>Nobody has written anything.</summary>
    public static readonly Annotation None = new("", []);

    /// <summary>Whether nothing is written.</summary>
    [JsonIgnore]
    public bool IsEmpty => Note.Length == 0 && Tags.Count == 0;

    /// <summary>
    /// What is written after a change. Total on every change, because a journal may hold any: text is cleaned, words that
    /// are no tags are left out, and so is what is beyond <see cref="AnnotationText.MostTags"/>.
    /// </summary>
    public Annotation With(AnnotationChange change)
    {
        SortedSet<string> tags = new(Tags, StringComparer.Ordinal);
        tags.ExceptWith(change.Removed);
        tags.UnionWith(change.Added.Where(AnnotationText.IsTag));
        Annotation next = new(
            change.Note is { } note ? AnnotationText.CleanNote(note) : Note,
            [.. tags.Take(AnnotationText.MostTags)]
        );
        return next.IsEmpty ? None : next;
    }

    /// <summary>Whether a change would leave out tags, because there are too many.</summary>
    public bool Overflows(AnnotationChange change) =>
        Tags.Except(change.Removed).Union(change.Added).Count() > AnnotationText.MostTags;

    /// <summary>Whether both say the same.</summary>
    public bool IsSame(Annotation other) => Note == other.Note && Tags.SequenceEqual(other.Tags);
}

/// <summary>A change of what is written.</summary>
/// <param name="Note">The new note, empty to take it away; null to leave it as it is.</param>
/// <param name="Added">Tags that are put to it.</param>
/// <param name="Removed">Tags that are taken away; one that is also added stays.</param>
public sealed record AnnotationChange(string? Note, IReadOnlyList<string> Added, IReadOnlyList<string> Removed)
{
    /// <summary>Why no user can have meant it; null if one can.</summary>
    public string? Fault()
    {
        if (Note is { Length: > AnnotationText.LongestNote })
            return $"a note of {Note.Length} characters; {AnnotationText.LongestNote} are the most";
        string?[] wrong = [.. Added.Concat(Removed).Where(tag => !AnnotationText.IsTag(tag)).Take(1)];
        if (wrong.Length > 0)
            return $"the tag '{OneLine.Of(wrong[0] ?? "", AnnotationText.LongestTag)}'; a tag is 1 to {AnnotationText.LongestTag} "
                + "letters, digits or any of - _ . : / + =";
        if (Added.Count > AnnotationText.MostTags || Removed.Count > AnnotationText.MostTags)
            return $"more than {AnnotationText.MostTags} tags at once";
        return Note is null && Added.Count == 0 && Removed.Count == 0 ? "no note and no tag" : null;
    }
}
