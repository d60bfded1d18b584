using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings.Disposing;

/// <summary>Gathers what a recording's certificate will say: while its key can still be opened what stands under that, and from the log, which stays, what came before.</summary>
internal sealed class DispositionReading(VaultDbContext db, TenantKeys keys, IRecordingKeeping keeping)
{
    /// <summary>Copies are told up to so many; a recording of which more left is told by their number and the log.</summary>
    public const int MostCopies = 1_000;

    /// <summary>And so many bytes of them: a signed document has an end, and a letter of another script takes six bytes in it.</summary>
    private const int MostBytes = 256 * 1024;

    private static readonly Dictionary<string, string> s_nothing = new(StringComparer.Ordinal);

    private static readonly string[] s_trashing = [RecordingTrash.Trashed, "retention.disposed"];

    public async Task<DispositionFacts> GatherAsync(Recording recording, CancellationToken cancellationToken)
    {
        var wraps = await keys.RecordingWrapsAsync(recording.Id, cancellationToken);
        return new DispositionFacts(
            recording.CreatedAt, recording.RecordedAt, recording.UploadedAt, recording.Label.Name(), recording.UsageTag.Name, recording.ManifestSequence,
            recording.ManifestDigest is { } digest ? Convert.ToHexStringLower(digest) : null,
            wraps.Count == 0 ? [] : await AssetsAsync(recording.Id, cancellationToken), [.. wraps.Select(wrap => new DestroyedKey(wrap.KeyId, wrap.WrappingKeyId))], keys.RootKeyId,
            await keeping.LiftedHoldsAsync(recording.Id, cancellationToken))
        { IsFromBefore = wraps.Count == 0 };
    }

    private async Task<IReadOnlyList<DestroyedAsset>> AssetsAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        var assets = await db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recordingId && asset.DerivedFrom == null).OrderBy(asset => asset.Id).ToListAsync(cancellationToken);
        return [.. assets.Select(asset => new DestroyedAsset(asset.Id, asset.Role.ApiName(), asset.SizeInBytes, Digest(asset, key)))];
    }

    /// <summary>Null where none is known, or it is damaged.</summary>
    private static string? Digest(RecordingAsset asset, OwnerKey key)
    {
        try
        {
            return asset.ContentDigest?.Open(key, asset.TenantId, asset.Id, RecordingAsset.ContentDigestColumn);
        }
        catch (SealedFormatException)
        {
            return null;
        }
    }

    /// <summary>Null where the log does not say.</summary>
    public async Task<TrashedBy?> TrashedAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        using var data = await keys.DataKeyAsync(cancellationToken);
        var line = await db.AuditEvents.AsNoTracking().Where(line => line.TargetId == recordingId && s_trashing.Contains(line.Type)).OrderByDescending(line => line.Number).FirstOrDefaultAsync(cancellationToken);
        return line is null ? null : new TrashedBy(line.Time, Kind(line.ActorKind), line.ActorId, line.Number, Values(line, data).GetValueOrDefault("schedule"));
    }

    /// <summary>Downloads and packages, by the log: the rows of links and packages go, and it stays.</summary>
    public async Task<CopiesOut> CopiesAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        using var data = await keys.DataKeyAsync(cancellationToken);
        var copies = new List<CopyOut>();
        // A page at a time: of a film that was watched for years most lines tell of views.
        for (long before = long.MaxValue; copies.Count < MostCopies;)
        {
            var page = await db.AuditEvents.AsNoTracking()
                .Where(line => line.TargetId == recordingId && line.Number < before && line.Outcome == AuditOutcome.Allowed && (line.Type == "content.released" || line.Type == "recording.exported"))
                .OrderByDescending(line => line.Number).Take(500).ToListAsync(cancellationToken);
            foreach (var line in page)
            {
                var values = Values(line, data);
                if (line.Type == "recording.exported" || values.GetValueOrDefault("purpose") == "download")
                {
                    copies.Add(new CopyOut(
                        line.Type == "recording.exported" ? "package" : "download", line.Time, values.GetValueOrDefault("recipient"), values.GetValueOrDefault("for"), Kind(line.ActorKind), line.ActorId, line.Number));
                }
            }

            if (page.Count < 500)
                break;
            before = page[^1].Number;
        }

        var (told, bytes) = (new List<CopyOut>(), 0);
        foreach (var copy in copies.Take(MostCopies))
        {
            bytes += 250 + (6 * ((copy.Recipient?.Length ?? 0) + (copy.For?.Length ?? 0)));
            if (bytes > MostBytes)
                break;
            told.Add(copy);
        }

        told.Reverse();
        return new CopiesOut(told, told.Count < copies.Count);
    }

    /// <summary>Empty where they were erased, or can't be opened: a damaged line must not keep a recording from being destroyed.</summary>
    private static IReadOnlyDictionary<string, string> Values(AuditEvent line, TenantDataKey data)
    {
        try
        {
            return line.Values is { } values ? AuditValues.Read(values.Open(data, line.TenantId, line.Id, AuditEvent.ValuesColumn)) : s_nothing;
        }
        catch (Exception fault) when (fault is SealedFormatException or JsonException)
        {
            return s_nothing;
        }
    }

    private static string Kind(AuditActorKind kind) => kind.ToString().ToLowerInvariant();
}
