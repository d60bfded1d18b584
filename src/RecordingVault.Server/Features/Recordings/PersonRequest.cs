using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>A person who was recorded, as somebody enters him.</summary>
internal sealed record PersonRequest(string? Name, string? Email)
{
    public const int MostPeople = 500;

    public static readonly Problem HasAnswers = new("person-has-answers", 409, "There is an answer on record of somebody who would be taken off, and records stay as long as their recording. Correct a name on the page of consent, and leave the others in the list.");

    /// <summary>The first wrong entry of a list, with its index in the field's name.</summary>
    public static Problem? Check(IReadOnlyList<PersonRequest?> people)
    {
        if (people.Count > MostPeople)
            return Problem.Invalid("participants", "a recording has at most 500 people.");
        for (var index = 0; index < people.Count; index++)
        {
            if (people[index] is not { } person || string.IsNullOrWhiteSpace(person.Name) || person.Name.Length > 200 || person.Name.Any(char.IsControl))
                return Problem.Invalid($"participants[{index}].name", "give a name of 1 to 200 characters, without line breaks or other control characters.");
            if (person.Email is { Length: > 0 } email && (email.Length > 254 || email.IndexOf('@', StringComparison.Ordinal) is < 1 || email.EndsWith('@') || email.AsSpan().ContainsAny('<', '>') || email.Any(char.IsControl)))
                return Problem.Invalid($"participants[{index}].email", "give an address such as ben@example.com, or leave it out.");
        }

        return null;
    }
}
