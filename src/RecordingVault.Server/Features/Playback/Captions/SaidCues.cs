using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback.Captions;

/// <summary>
/// Finds where words were said, for the page of a search. What it shows is content: each recording passes the gate as its captions would, and joins the release that the recording's own page opens.
/// The words themselves stand in no event.
/// </summary>
internal sealed class SaidCues(VaultDbContext db, ReleaseGate gate, ReleaseBook book, SearchTurns turns) : ISaidLines
{
    private const int MostLines = 3;

    /// <summary>Of one recording: languages, and what somebody adds by hand.</summary>
    private const int MostTexts = 8;

    private const int LongestShown = 240;

    public async Task<IReadOnlyList<SaidLine>> FindAsync(HttpContext http, Guid recordingId, SearchWords words, CancellationToken cancellationToken)
    {
        var texts = await db.RecordingAssets.AsNoTracking()
            .Where(asset => asset.RecordingId == recordingId && (asset.Role == ObjectRole.Captions || asset.Role == ObjectRole.Transcript))
            .OrderBy(asset => asset.Role).ThenBy(asset => asset.Id).Select(asset => new { asset.Id, asset.Role }).Take(MostTexts).ToListAsync(cancellationToken);
        var best = new List<(int Count, Cue Cue)>();
        foreach (var text in texts)
        {
            var decision = await gate.OpenAsync(MemberAsker.Of(http), recordingId, AssetWish.Of(text.Role, text.Id), ReleasePurpose.Preview, recipient: null, cancellationToken);
            if (decision is not ReleaseDecision.Allowed { Release: var release })
                continue;
            using (release)
            {
                try
                {
                    using var turn = await turns.TakeAsync(cancellationToken);
                    best.AddRange(Best(await CaptionAnswer.ReadCuesAsync(release, cancellationToken), words));
                }
                catch (SealedFormatException damage)
                {
                    await book.TellDamageAsync(release.Asker, recordingId, damage);
                }
            }
        }

        return [.. best.OrderByDescending(found => found.Count).ThenBy(found => found.Cue.From).DistinctBy(found => found.Cue.From).Take(MostLines)
            .OrderBy(found => found.Cue.From).Select(found => new SaidLine(found.Cue.From, found.Cue.Voice, Shown(found.Cue)))];
    }

    private static IEnumerable<(int Count, Cue Cue)> Best(IReadOnlyList<Cue> cues, SearchWords words) => cues
        .Select(cue => (Count: words.CountIn(SearchWords.Fold($"{cue.Voice} {string.Join(' ', cue.Lines)}")), Cue: cue))
        .Where(found => found.Count > 0).OrderByDescending(found => found.Count).ThenBy(found => found.Cue.From).Take(MostLines);

    private static string Shown(Cue cue)
    {
        var words = string.Join(' ', cue.Lines);
        if (words.Length <= LongestShown)
            return words;
        var end = words.LastIndexOf(' ', LongestShown);
        return string.Concat(words.AsSpan(0, end > 0 ? end : LongestShown - (char.IsHighSurrogate(words[LongestShown - 1]) ? 1 : 0)), "…");
    }
}
