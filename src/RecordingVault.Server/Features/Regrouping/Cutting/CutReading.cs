using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing.Editing;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <param name="Into">The copy; where nothing came of it, it is there no more.</param>
/// <param name="State">waiting, running, done or failed.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Failure">Our word for why nothing came of it; null otherwise.</param>
/// <param name="WorkSeconds">How long it took to make; null until it is there.</param>
/// <param name="LeftOut">Files of the original that are not in it, since nothing says which of their words belong to which moment.</param>
internal sealed record CutResponse(
    Guid Id, Guid From, Guid Into, string State, int Percent, string? Failure, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, double? WorkSeconds, int LeftOut, IReadOnlyList<Guid> Without, IReadOnlyList<SpanResponse> Spans)
{
    public static CutResponse Of(RecordingCut cut) => new(
        cut.Id, cut.FromId, cut.ToId, cut.State.ToString().ToLowerInvariant(), cut.Percent, cut.Failure, cut.CreatedAt, cut.EndedAt, cut.WorkSeconds, cut.LeftOut, cut.WithoutIds, SpanResponse.Of(EditSpans.Read(cut.Spans)));
}

/// <param name="Spans">In order, none over another.</param>
/// <param name="LeftSeconds">How long a copy by them lasts; null while the recording's length is not known.</param>
/// <param name="Copies">Those that were made or are being made of this recording, the newest first; 50 at most.</param>
internal sealed record EditsResponse(IReadOnlyList<SpanResponse> Spans, double? DurationSeconds, double? LeftSeconds, DateTimeOffset? ChangedAt, Guid? ChangedBy, IReadOnlyList<CutResponse> Copies);

/// <summary>What is marked in a recording, and the copies that came of it.</summary>
internal sealed class CutReading(VaultDbContext db)
{
    private const int MostCopies = 50;

    /// <summary>Null where the tenant has no recording of this id.</summary>
    public async Task<EditsResponse?> FindAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        if (await db.Recordings.AsNoTracking().Where(recording => recording.Id == recordingId && !recording.IsBeingDestroyed).Select(recording => new { recording.DurationSeconds }).SingleOrDefaultAsync(cancellationToken) is not { } recording)
            return null;
        var plan = await db.MarkedIn(recordingId).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var spans = plan is null ? EditSpans.None : EditSpans.Read(plan.Spans);
        var cuts = await db.RecordingCuts.AsNoTracking().Where(cut => cut.FromId == recordingId).OrderByDescending(cut => cut.Id).Take(MostCopies).ToListAsync(cancellationToken);
        return new EditsResponse(
            SpanResponse.Of(spans), recording.DurationSeconds, recording.DurationSeconds is { } seconds ? Math.Round(seconds - (spans.Removed / 1000d), 3) : null, plan?.ChangedAt, plan?.ChangedBy, [.. cuts.Select(CutResponse.Of)]);
    }
}
