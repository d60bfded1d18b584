using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.Importing;

/// <param name="State">add, there or again.</param>
/// <param name="Consent">A record is written of what Zoom reports that he accepted.</param>
internal sealed record ImportRowResponse(int Line, string Name, string? Email, string State, bool Consent);

/// <param name="DryRun">Nothing was written.</param>
/// <param name="Rows">Each row of the list that names somebody, in its order.</param>
/// <param name="Errors">Of a preview only: with any, nothing can be added.</param>
internal sealed record ImportResponse(bool DryRun, int Added, int AlreadyThere, int Consents, IReadOnlyList<ImportRowResponse> Rows, IReadOnlyList<RowError> Errors);

internal sealed record SpeakerResponse(string Name);

internal sealed record SpeakersResponse(IReadOnlyList<SpeakerResponse> Items);

/// <summary>POST /api/v1/recordings/{id}/participants/imports?kind=&amp;dryRun=: the body is the list as it is. GET …/participants/suggestions: who speaks by the recording's own texts.</summary>
internal static class ImportParticipants
{
    /// <summary>Bytes of a list: the events of a long day in BigBlueButton.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    public static async Task<Results<Ok<ImportResponse>, ProblemHttpResult>> Handle(
        Guid id, string? kind, bool? dryRun, HttpContext http, PeopleImport import, ConsentReading reading, CancellationToken cancellationToken)
    {
        if (!await reading.IsThereAsync(id, cancellationToken))
            return Problem.NotFound.ToResult();
        if (ConsentWords.Of(ListText.Kinds, kind) is not { } source)
            return Problem.Invalid("kind", $"it is one of {ConsentWords.List(ListText.Kinds)}.").ToResult();
        if (await BodyAsync(http.Request, cancellationToken) is not { } bytes)
            return Problem.TooLarge.ToResult();
        var (text, unread) = ListText.Decode(bytes);
        if (text is null)
            return unread!.ToResult();
        var (list, wrong) = ListText.Read(source, text);
        if (list is null)
            return wrong!.ToResult();
        if (dryRun is true)
            return await import.PreviewAsync(id, list, cancellationToken) is { } preview ? TypedResults.Ok(Response(preview, list, isDry: true)) : Problem.NotFound.ToResult();
        if (list.Errors.Count > 0)
            return ConsentProblems.WrongRows(list.Errors).ToResult();
        var (plan, refusal) = await import.ApplyAsync(id, list, source, http.Actor(), cancellationToken);
        return plan is null ? refusal!.ToResult() : TypedResults.Ok(Response(plan, list, isDry: false));
    }

    public static async Task<Results<Ok<SpeakersResponse>, ProblemHttpResult>> Suggest(Guid id, HttpContext http, ConsentReading reading, ISpeakerNames speakers, CancellationToken cancellationToken) =>
        await reading.IsThereAsync(id, cancellationToken)
            ? TypedResults.Ok(new SpeakersResponse([.. (await NewSpeakersAsync(id, http, reading, speakers, cancellationToken)).Select(name => new SpeakerResponse(name))]))
            : Problem.NotFound.ToResult();

    /// <summary>Those who are not named as recorded yet.</summary>
    public static async Task<IReadOnlyList<string>> NewSpeakersAsync(Guid id, HttpContext http, ConsentReading reading, ISpeakerNames speakers, CancellationToken cancellationToken)
    {
        var named = (await reading.PeopleAsync(id, cancellationToken)).Select(person => ImportPlan.KeyOf(person.Name, null)).ToHashSet();
        return [.. (await speakers.FindAsync(http, id, cancellationToken)).Where(name => named.Add(ImportPlan.KeyOf(name, null)))];
    }

    private static ImportResponse Response(ImportPlan plan, ImportedList list, bool isDry) => new(
        isDry, plan.Added, plan.AlreadyThere, plan.Consents, [.. plan.Rows.Select(row => new ImportRowResponse(row.Line, row.Name, row.Email, ConsentWords.Name(row.State), row.IsRecorded))], list.Errors);

    /// <summary>Null where there is more of it than a list may have.</summary>
    private static async Task<byte[]?> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MostBytes)
            return null;
        using var bytes = new MemoryStream();
        var piece = new byte[64 * 1024];
        int count;
        while ((count = await request.Body.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (bytes.Length + count > MostBytes)
                return null;
            bytes.Write(piece, 0, count);
        }

        return bytes.ToArray();
    }
}
