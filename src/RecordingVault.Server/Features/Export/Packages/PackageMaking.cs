using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Playback.Captions;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Signing;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>A package of one recording that can be written now. Disposing it wipes the keys that its content is read with.</summary>
internal sealed record MadePackage(PackagePlan Plan, PackageFacts Facts, string Carriers, IReadOnlyList<IDisposable> Held) : IDisposable
{
    public void Dispose()
    {
        foreach (var held in Held)
            held.Dispose();
    }
}

/// <summary>Why a recording is not in its export: a slug of ours, and a sentence that names nobody.</summary>
internal sealed record LeftOut(string Reason, string Sentence)
{
    public static readonly LeftOut NotMarkable = new("not-markable", "Its file is of a kind, or made in a way, that takes no usage mark, and no file leaves in a package without one. It may be watched here, and downloaded as it is by those who may.");
    public static readonly LeftOut Damaged = new("damaged", "What is stored of it is damaged. Nothing of it was packed, and the vault's keeper was told.");
    public static readonly LeftOut Gone = new("not-found", "It is not there any more.");
}

/// <summary>
/// Puts together the package of one recording: each file is let out by the gate, marked, and read back; the texts are written around them. Nothing of a film is held in memory,
/// and nothing of it is written anywhere in clear.
/// </summary>
internal sealed class PackageMaking(VaultDbContext db, ReleaseGate gate, ReleaseBook book, RecordingReading reading, TenantKeys keys, SigningKeys signing)
{
    /// <summary>What came in.</summary>
    public const string Original = "original";

    /// <summary>What was made of an original that takes no mark itself, so that it can leave with one.</summary>
    public const string Copy = "copy";

    private const string BeingMarked = "being-marked";
    private const int LongestText = 4 * 1024 * 1024;

    /// <param name="packageId">Of the package: in its folder's name.</param>
    public async Task<(MadePackage? Made, LeftOut? Left)> MakeAsync(Asker asker, Guid recordingId, PackageOrder order, Guid packageId, CancellationToken cancellationToken)
    {
        List<IDisposable> held = [];
        try
        {
            var result = await MakeAsync(asker, recordingId, order, packageId, held, cancellationToken);
            if (result.Made is null)
                Dispose(held);
            return result;
        }
        catch (Exception fault) when (fault is SealedFormatException or KeyDestroyedException)
        {
            Dispose(held);
            if (fault is SealedFormatException damage)
                await book.TellDamageAsync(asker, recordingId, damage);
            return (null, fault is KeyDestroyedException ? LeftOut.Gone : LeftOut.Damaged);
        }
        catch
        {
            Dispose(held);
            throw;
        }
    }

    private async Task<(MadePackage? Made, LeftOut? Left)> MakeAsync(Asker asker, Guid recordingId, PackageOrder order, Guid packageId, List<IDisposable> held, CancellationToken cancellationToken)
    {
        var assets = await db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recordingId).OrderBy(asset => asset.Id).ToListAsync(cancellationToken);
        List<(PackageFile File, PackedFile Said)> files = [];
        OpenedRelease? first = null;
        foreach (var asset in assets.Where(asset => asset.Role is ObjectRole.OriginalSegment or ObjectRole.Captions or ObjectRole.Poster).OrderBy(asset => asset.Role))
        {
            var wish = asset.Role == ObjectRole.OriginalSegment ? new AssetWish(asset.Id, PrefersRendition: false) : AssetWish.Of(asset.Role, asset.Id);
            var decision = await gate.OpenAsync(asker, recordingId, wish, ReleasePurpose.Download, order.Recipient, cancellationToken);
            // The gate waits some seconds by itself for a layout that is being made; a job may wait a minute.
            for (var tries = 0; tries < 5 && decision is ReleaseDecision.Refused { Reasons: [{ Slug: BeingMarked }, ..] }; tries++)
                decision = await gate.OpenAsync(asker, recordingId, wish, ReleasePurpose.Download, order.Recipient, cancellationToken);
            if (decision is ReleaseDecision.Refused { Reasons: [{ Slug: BeingMarked }, ..] })
                throw new JobFailedException(BeingMarked);
            if (decision is ReleaseDecision.Refused { Reasons: [var reason, ..] })
                return (null, new LeftOut(reason.Slug, reason.Title));
            var release = ((ReleaseDecision.Allowed)decision).Release;
            held.Add(release);
            first ??= release;
            // Somebody changed it while it was packed: all files of a package say one thing.
            if (release.Tag != first.Tag)
                throw new JobFailedException("tag-changed");
            var source = new AssetBytes(release.Reader);
            held.Add(source);
            var word = asset.Role == ObjectRole.OriginalSegment && release.Asset.Id != asset.Id ? Copy : Word(asset.Role);
            var name = $"{word}-{files.Count(file => file.Said.Role == word) + 1}{KnownMedia.Find(release.Asset.MediaType)?.Ending ?? ".bin"}";
            if (await PackAsync(asset, source, release, name, cancellationToken) is { } packed)
                files.Add((packed.File, await SayAsync(asset, word, release.Asset.MediaType, packed.File, packed.Carrier, cancellationToken)));
            else if (asset.Role == ObjectRole.OriginalSegment)
                return (null, LeftOut.NotMarkable);
        }

        if (first is null || files.All(file => file.Said.Role is not (Original or Copy)) || await reading.FindAsync(recordingId, cancellationToken) is not { } recording)
            return (null, LeftOut.Gone);
        var facts = new PackageFacts(order.ExportId, recording, order.Organisation, order.Recipient, order.For, first.Tag, order.MadeAt, order.LicensedUntil) { Files = [.. files.Select(file => file.Said)] };
        var texts = await TextsAsync(facts, first.Id, cancellationToken);
        var plan = new PackagePlan(packageId, order.MadeAt, PackageWords.Readme(facts), [.. files.Select(file => file.File), .. texts]);
        return (new MadePackage(plan, facts, string.Join(' ', files.Select(file => file.Said.Carrier).Distinct(StringComparer.Ordinal)), held), null);
    }

    private static async Task<(PackageFile File, string Carrier)?> PackAsync(RecordingAsset asset, AssetBytes source, OpenedRelease release, string name, CancellationToken cancellationToken)
    {
        if (asset.Role == ObjectRole.Captions)
            return await CaptionsAsync(source, release, name, cancellationToken) is { } text ? (text, "vtt-note") : null;
        return await MarkedFile.OfAsync(source, release.Asset.MediaType, release.Tag, cancellationToken) is { } marked
            ? (await PackageFile.MeasureAsync(name, _ => ValueTask.FromResult(marked.Open()), cancellationToken), marked.Carrier) : null;
    }

    /// <summary>Written anew, as they are shown, with the mark as a note that is read back.</summary>
    private static async Task<PackageFile?> CaptionsAsync(AssetBytes source, OpenedRelease release, string name, CancellationToken cancellationToken)
    {
        var bytes = new byte[(int)Math.Min(source.Length, LongestText)];
        await source.ReadAsync(0, bytes, cancellationToken);
        if (VttCarrier.Write(TimedText.Rewrite(Encoding.UTF8.GetString(bytes)), release.Tag) is not { } marked)
            return null;
        var text = Encoding.UTF8.GetBytes(marked);
        var found = await FileMarks.FindAsync(new MemorySource(text), "text/vtt", cancellationToken);
        return found.Count > 0 && found.All(mark => mark.Objections.IsAsStrictAs(release.Tag.Rights.AsObjections())) ? PackageFile.Of(Path.ChangeExtension(name, ".vtt"), text) : null;
    }

    private async Task<PackedFile> SayAsync(RecordingAsset asset, string word, string mediaType, PackageFile file, string carrier, CancellationToken cancellationToken)
    {
        using var key = await keys.RecordingKeyAsync(asset.RecordingId, cancellationToken);
        return new PackedFile(
            file.Name, word, asset.Role == ObjectRole.Captions ? "text/vtt" : mediaType, file.Digests.Length,
            Convert.ToHexStringLower(file.Digests.Sha256.Span), "sha512-" + Base64Url.EncodeToString(file.Digests.Sha512.Span), carrier,
            asset.FileName?.Open(key, asset.TenantId, asset.Id, RecordingAsset.FileNameColumn));
    }

    private async Task<IReadOnlyList<PackageFile>> TextsAsync(PackageFacts facts, Guid releaseId, CancellationToken cancellationToken)
    {
        using var vconKey = await signing.OpenAsync(SigningUse.Vcon, cancellationToken);
        var leaf = await db.Releases.AsNoTracking().Where(release => release.Id == releaseId)
            .Join(db.AuditEvents.AsNoTracking(), release => release.AuditEventId, line => line.Id, (_, line) => line.Leaf).SingleAsync(cancellationToken);
        // Its personal values are digests with salts that stay here: it proves the line, and tells nobody's name.
        var audit = new JsonObject { ["format"] = "recordingvault.v1.audit-excerpt", ["leaves"] = new JsonArray(JsonNode.Parse(leaf)) };
        return
        [
            PackageFile.Of("description.json", PackageWords.Description(facts)),
            PackageFile.Of("licence.txt", PackageWords.Licence(facts)),
            PackageFile.Of("policy.jsonld", PackageWords.Policy(facts)),
            PackageFile.Of("vcon.json", VconSignature.Sign(vconKey.Key, vconKey.Certificate!.Value, facts.Recording.Id, PackageWords.Vcon(facts))),
            PackageFile.Of("audit.json", PackageWords.Bytes(audit)),
        ];
    }

    private static string Word(ObjectRole role) => role switch
    {
        ObjectRole.OriginalSegment => Original,
        ObjectRole.Captions => "captions",
        _ => "poster",
    };

    private static void Dispose(List<IDisposable> held)
    {
        held.ForEach(one => one.Dispose());
        held.Clear();
    }
}

/// <summary>What all packages of one export have in common.</summary>
internal sealed record PackageOrder(Guid ExportId, string Organisation, string Recipient, UsageTags.Purpose For, DateTimeOffset MadeAt, DateTimeOffset LicensedUntil);
