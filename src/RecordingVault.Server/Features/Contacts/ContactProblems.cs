using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Contacts;

internal static class ContactProblems
{
    public const int LongestNote = 2_000;
    public const int MostAtOnce = 100;

    public static readonly Problem NobodyOfThisId = Problem.Invalid("participants", "give the ids of people who are named as recorded in recordings that are there.");

    public static readonly Problem InOtherContact = new("person-in-contact", 409, "Somebody of these belongs to another contact already. Take him out of that one first, or merge the two contacts.");

    public static readonly Problem Itself = Problem.Invalid("with", "give the id of another contact.");

    public static readonly Problem NotesTooLong = new("notes-too-long", 409, "The notes of both contacts together are longer than 2,000 characters. Shorten one of them first.");

    public static Problem? CheckPeople(IReadOnlyList<Guid>? people) =>
        people is not { Count: > 0 and <= MostAtOnce } || people.Distinct().Count() < people.Count ? Problem.Invalid("participants", $"name 1 to {MostAtOnce} people, each once.") : null;

    public static Problem? CheckWords(string? name, string? email, string? note)
    {
        if (PersonRequest.Check([new PersonRequest(name, email)]) is { Field: { } field } wrong)
            return Problem.Invalid(field[(field.LastIndexOf('.') + 1)..], wrong.Title[(wrong.Title.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
        return note is { Length: > LongestNote } ? Problem.Invalid("note", "a note has at most 2,000 characters.") : null;
    }
}
