using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recordings.Editing;

/// <summary>The people of a recording as lines of text: a name each, and after it an address in angle brackets where there is one. Brackets with nothing in them end a name that would read as one with an address.</summary>
internal static class PeopleLines
{
    public static string Write(IEnumerable<ParticipantResponse> people) =>
        string.Join('\n', people.Select(person => person.Email is { } email ? $"{person.Name} <{email}>" : person.Name.EndsWith('>') ? $"{person.Name} <>" : person.Name));

    /// <returns>Null when every line names somebody.</returns>
    public static Problem? TryRead(string text, out IReadOnlyList<PersonRequest> people)
    {
        var read = new List<PersonRequest>();
        people = read;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var bracket = line.EndsWith('>') ? line.LastIndexOf('<') : -1;
            read.Add(bracket < 0 ? new PersonRequest(line, null) : new PersonRequest(line[..bracket].Trim(), line[(bracket + 1)..^1].Trim()));
        }

        return PersonRequest.Check(read);
    }
}
