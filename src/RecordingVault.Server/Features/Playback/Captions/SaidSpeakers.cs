using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Importing;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback.Captions;

/// <summary>Finds who speaks by captions, transcripts and chat: a voice mark, a name before a colon as Zoom writes it, and who sent a message. A suggestion: whether he was recorded a person decides.</summary>
internal sealed partial class SaidSpeakers(VaultDbContext db, ReleaseGate gate, ReleaseBook book, SearchTurns turns) : ISpeakerNames
{
    /// <summary>As many as one form can offer.</summary>
    private const int MostNames = 50;

    /// <summary>Of one recording: languages, and what somebody adds by hand.</summary>
    private const int MostTexts = 8;

    private const int LongestLine = 400;

    public async Task<IReadOnlyList<string>> FindAsync(HttpContext http, Guid recordingId, CancellationToken cancellationToken)
    {
        var texts = await db.RecordingAssets.AsNoTracking()
            .Where(asset => asset.RecordingId == recordingId && (asset.Role == ObjectRole.Captions || asset.Role == ObjectRole.Transcript || asset.Role == ObjectRole.Chat))
            .OrderBy(asset => asset.Role).ThenBy(asset => asset.Id).Select(asset => new { asset.Id, asset.Role }).Take(MostTexts).ToListAsync(cancellationToken);
        var names = new List<string>();
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
                    names.AddRange(text.Role == ObjectRole.Chat
                        ? Senders(Encoding.UTF8.GetString(await CaptionAnswer.ReadBytesAsync(release, cancellationToken)))
                        : (await CaptionAnswer.ReadCuesAsync(release, cancellationToken)).Select(Speaker).OfType<string>());
                }
                catch (SealedFormatException damage)
                {
                    await book.TellDamageAsync(release.Asker, recordingId, damage);
                }
            }
        }

        return [.. names.Select(name => name.Trim()).Where(name => name.Length > 0 && !name.Any(char.IsControl)).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostNames)];
    }

    /// <summary>Null where the cue does not say.</summary>
    public static string? Speaker(Cue cue) =>
        cue.Voice ?? (cue.Lines.Count > 0 && Named().Match(Short(cue.Lines[0])) is { Success: true } found ? found.Groups["who"].Value : null);

    public static IEnumerable<string> Senders(string chat)
    {
        foreach (var line in chat.Split('\n'))
        {
            if (Sent().Match(Short(line)) is { Success: true } found)
                yield return found.Groups["who"].Value;
        }
    }

    private static string Short(string line) => line.Length <= LongestLine ? line : line[..LongestLine];

    [GeneratedRegex(@"^(?<who>\p{Lu}[^:<>\[\]""]{0,60}): ", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Named();

    [GeneratedRegex(@"^\d\d:\d\d:\d\d(\t(?<who>[^\t:]{1,100}):\t|\s+From\s+(?<who>.{1,100}?)\s+to\s+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Sent();
}
