using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Consent.Importing;

/// <summary>Somebody whom a list names.</summary>
/// <param name="Line">Where in the list, counted from 1.</param>
/// <param name="Agreed">The meeting's program reports that he accepted being recorded. False is unknown, and no refusal.</param>
internal sealed record ImportedRow(int Line, string Name, string? Email, bool Agreed = false);

/// <summary>What is wrong with a line of a list, and what cures it.</summary>
/// <param name="Column">As the list calls it.</param>
internal sealed record RowError(int Line, string Column, string Cure);

/// <summary>What was read from a list, row by row. It takes no more than a meeting can have: who sends more is told so and nothing is added.</summary>
internal sealed class ImportedList
{
    /// <summary>Rows of a list. Somebody who comes back five times has five in a report.</summary>
    public const int MostRows = 5_000;

    /// <summary>Beyond it nobody reads on.</summary>
    public const int MostErrors = 100;

    private readonly List<ImportedRow> rows = [];
    private readonly List<RowError> errors = [];

    public IReadOnlyList<ImportedRow> Rows => rows;

    public IReadOnlyList<RowError> Errors => errors;

    /// <summary>Nothing more is taken.</summary>
    public bool IsFull => rows.Count > MostRows || errors.Count >= MostErrors;

    public bool HasTooManyRows => rows.Count > MostRows;

    /// <param name="nameColumn">As the list calls it.</param>
    /// <param name="emailColumn">As the list calls it.</param>
    public void Add(ImportedRow row, string nameColumn = "name", string emailColumn = "email")
    {
        var trimmed = row with { Name = row.Name.Trim(), Email = string.IsNullOrWhiteSpace(row.Email) ? null : row.Email.Trim() };
        if (PersonRequest.Check([new PersonRequest(trimmed.Name, trimmed.Email)]) is not { Field: { } field } wrong)
        {
            rows.Add(trimmed);
            return;
        }

        Fault(row.Line, field.EndsWith(".email", StringComparison.Ordinal) ? emailColumn : nameColumn, wrong.Sentence);
    }

    public void Fault(int line, string column, string cure)
    {
        if (errors.Count < MostErrors)
            errors.Add(new RowError(line, column, cure));
    }
}
