using System.Text;
using RecordingVault.Server.Features.Consent.Ledger;

namespace RecordingVault.Server.Features.Consent.Importing;

internal enum ImportState
{
    /// <summary>He is named by this row.</summary>
    Add,

    /// <summary>Somebody of this name and address is named already.</summary>
    There,

    /// <summary>An earlier row of the list names him.</summary>
    Again,
}

/// <param name="Keep">What counts of his word on keeping; null is unknown.</param>
internal sealed record NamedPerson(Guid Id, string Name, string? Email, ConsentStatus? Keep);

/// <param name="Person">Who is there already; null where he is new, or several have his name and address.</param>
/// <param name="IsRecorded">A record is written of what he accepted.</param>
internal sealed record PlannedRow(int Line, string Name, string? Email, ImportState State, Guid? Person, bool IsRecorded);

/// <summary>What a list does to a recording, row by row.</summary>
internal sealed record ImportPlan(IReadOnlyList<PlannedRow> Rows, int Before)
{
    public int Added => Rows.Count(row => row.State == ImportState.Add);

    public int AlreadyThere => Rows.Count(row => row.State == ImportState.There);

    public int Consents => Rows.Count(row => row.IsRecorded);

    /// <summary>People in the recording afterwards.</summary>
    public int Total => Before + Added;

    public bool IsNothing => Added == 0 && Consents == 0;

    public static ImportPlan Make(ImportedList list, IReadOnlyList<NamedPerson> people)
    {
        var there = people.ToLookup(person => KeyOf(person.Name, person.Email));
        var joins = list.Rows.ToLookup(row => KeyOf(row.Name, row.Email));
        var seen = new HashSet<(string, string)>();
        var rows = new List<PlannedRow>(list.Rows.Count);
        foreach (var row in list.Rows)
        {
            var key = KeyOf(row.Name, row.Email);
            if (!seen.Add(key))
            {
                rows.Add(new PlannedRow(row.Line, row.Name, row.Email, ImportState.Again, null, IsRecorded: false));
                continue;
            }

            var named = there[key].ToList();
            // Without an address several joins may be several people: then each of them has to have said it.
            var agreed = row.Email is null ? joins[key].All(join => join.Agreed) : joins[key].Any(join => join.Agreed);
            // It adds to what is unknown, and goes over nothing that is on record: a no least of all.
            var isOpen = named.Count == 0 || (named.Count == 1 && named[0].Keep is null or ConsentStatus.Requested);
            rows.Add(new PlannedRow(row.Line, row.Name, row.Email, named.Count == 0 ? ImportState.Add : ImportState.There, named.Count == 1 ? named[0].Id : null, agreed && isOpen));
        }

        return new ImportPlan(rows, people.Count);
    }

    /// <summary>By which two are the same: without capitals, and with spaces and letters written in one way.</summary>
    public static (string Name, string Email) KeyOf(string name, string? email) => (Folded(name), Folded(email ?? ""));

    private static string Folded(string text)
    {
        // Half of a pair is no letter, and can't be written in one way.
        var whole = new StringBuilder(text.Length);
        foreach (var letter in text.EnumerateRunes())
            whole.Append(letter);
        return string.Join(' ', whole.ToString().Normalize(NormalizationForm.FormKC).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();
    }
}
