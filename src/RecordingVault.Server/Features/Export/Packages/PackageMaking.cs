using System.Buffers.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Playback.Captions;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Signing;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>A package of one recording that can be written now. It holds texts and digests, and nothing of a film and no key.</summary>
internal sealed record MadePackage(PackagePlan Plan, PackageFacts Facts)
{
    /// <summary>Where the mark stands in its files, each place once.</summary>
    public string Carriers => string.Join(' ', Facts.Files.SelectMany(file => file.Carriers).Distinct(StringComparer.Ordinal));
}

/// <summary>Why a recording is not in its export: a slug of ours, and a sentence that names nobody.</summary>
internal sealed record LeftOut(string Reason, string Sentence)
{
    public static readonly LeftOut NotMarkable = new("not-markable", "Its file is made in a way that takes no usage mark, and no file leaves in a package without one. It may be watched here, and downloaded as it is by those who may.");
    public static readonly LeftOut Damaged = new("damaged", "What is stored of it is damaged. Nothing of it was packed, and the vault's keeper was told.");
    public static readonly LeftOut Gone = new("not-found", "It is not there any more.");
}

/// <summary>
/// Puts together the package of one recording: each file is let out by the gate, marked, signed where its kind can be, and read back; the texts are written around them. Nothing of a
/// film is held in memory, and nothing of it is written anywhere in clear.
/// </summary>
internal sealed class PackageMaking(VaultDbContext db, PackedFiles packed, ReleaseBook book, RecordingReading reading, PackageConsents consents, TenantKeys keys, SigningKeys signing)
{
    /// <summary>What came in.</summary>
    public const string Original = "original";

    /// <summary>What was made of an original that takes no mark itself, so that it can leave with one.</summary>
    public const string Copy = "copy";

    /// <summary>The mark of a file that has no place for one, or its manifest, beside it.</summary>
    public const string Sidecar = "sidecar";

    /// <summary>What was said, in writing, as it came in beside the film.</summary>
    public const string Transcript = "transcript";

    /// <summary>What was written in the meeting.</summary>
    public const string Chat = "chat";

    /// <param name="packing">Whose asking it is, and under which key what is kept meanwhile lies.</param>
    /// <param name="packageId">Of the package: in its folder's name.</param>
    public async Task<(MadePackage? Made, LeftOut? Left)> MakeAsync(PackingFor packing, Guid recordingId, PackageOrder order, Guid packageId, CancellationToken cancellationToken)
    {
        try
        {
            return await PackAsync(packing, recordingId, order, packageId, cancellationToken);
        }
        catch (SealedFormatException damage)
        {
            await book.TellDamageAsync(packing.Asker, recordingId, damage);
            return (null, LeftOut.Damaged);
        }
        catch (KeyDestroyedException)
        {
            return (null, LeftOut.Gone);
        }
    }

    private async Task<(MadePackage? Made, LeftOut? Left)> PackAsync(PackingFor packing, Guid recordingId, PackageOrder order, Guid packageId, CancellationToken cancellationToken)
    {
        var assets = await db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recordingId).OrderBy(asset => asset.Id).ToListAsync(cancellationToken);
        List<(PackageFile File, PackedFile Said)> files = [];
        List<FileLeftOut> left = [];
        (Guid Release, UsageTag Tag)? first = null;
        foreach (var asset in assets.Where(asset => asset.Role is ObjectRole.OriginalSegment or ObjectRole.Captions or ObjectRole.Transcript or ObjectRole.Chat or ObjectRole.Poster).OrderBy(asset => asset.Role))
        {
            var wish = asset.Role == ObjectRole.OriginalSegment ? new AssetWish(asset.Id, PrefersRendition: false) : AssetWish.Of(asset.Role, asset.Id);
            var decision = await packed.AskAsync(packing, recordingId, wish, cancellationToken);
            if (decision is ReleaseDecision.Refused { Reasons: [var reason, ..] })
                return (null, new LeftOut(reason.Slug, reason.Title));
            using (var release = ((ReleaseDecision.Allowed)decision).Release)
            {
                first ??= (release.Id, release.Tag);
                // Somebody changed it while it was packed: all files of a package say one thing.
                if (release.Tag != first.Value.Tag)
                    throw new JobFailedException("tag-changed");
                var word = asset.Role == ObjectRole.OriginalSegment && release.Asset.Id != asset.Id ? Copy : Word(asset.Role);
                var name = $"{word}-{files.Count(file => file.Said.Role == word) + 1}{KnownMedia.Find(release.Asset.MediaType)?.Ending ?? ".bin"}";
                if (await IsTooLongAsync(asset.Role, release, cancellationToken))
                    left.Add(new FileLeftOut(word, FileLeftOut.TooLong));
                else if (await packed.MakeAsync(packing, release, wish, name, cancellationToken) is { } ready)
                    files.AddRange(await SayWithMarkAsync(asset, word, ready, cancellationToken));
                else if (asset.Role == ObjectRole.OriginalSegment)
                    return (null, LeftOut.NotMarkable);
                else
                    left.Add(new FileLeftOut(word, FileLeftOut.NotMarkable));
            }
        }

        if (first is not var (releaseId, tag) || files.All(file => file.Said.Role is not (Original or Copy)) || await reading.FindAsync(recordingId, cancellationToken) is not { } recording)
            return (null, LeftOut.Gone);
        var facts = new PackageFacts(order.ExportId, recording, order.Organisation, order.Recipient, order.For, tag, order.MadeAt, order.LicensedUntil) { Files = [.. files.Select(file => file.Said)], LeftOut = left, Consents = await consents.ReadAsync(recordingId, cancellationToken) };
        var texts = await TextsAsync(facts, releaseId, cancellationToken);
        return (new MadePackage(new PackagePlan(packageId, order.MadeAt, PackageWords.Readme(facts), [.. files.Select(file => file.File), .. texts, .. await consents.PapersAsync(recordingId, cancellationToken)]), facts), null);
    }

    /// <summary>Captions are written anew, and texts marked inside, and neither beyond a length: a part of one must not look like the whole.</summary>
    private static async Task<bool> IsTooLongAsync(ObjectRole role, OpenedRelease release, CancellationToken cancellationToken) => role switch
    {
        ObjectRole.Captions => release.Reader.Length > CaptionAnswer.MostBytes || (await CaptionAnswer.ReadCuesAsync(release, cancellationToken)).Count >= TimedText.MostCues,
        ObjectRole.Transcript or ObjectRole.Chat => PackedText.IsTooLong(release),
        _ => false,
    };

    /// <summary>A file, and behind it what lies beside it: its mark, and its manifest.</summary>
    private async Task<IReadOnlyList<(PackageFile File, PackedFile Said)>> SayWithMarkAsync(RecordingAsset asset, string word, ReadyFile ready, CancellationToken cancellationToken)
    {
        List<(PackageFile, PackedFile)> files = [(ready.File, await SayAsync(asset, word, ready, cancellationToken))];
        foreach (var (content, ending, mediaType, carrier) in new[] { (ready.Sidecar, Sidecars.XmpEnding, Sidecars.XmpMediaType, CarrierNames.Xmp), (ready.Manifest, Sidecars.C2paEnding, Sidecars.C2paMediaType, CarrierNames.C2pa) })
        {
            if (content is null)
                continue;
            var beside = new ReadyFile(PackageFile.Of(ready.File.Name + ending, content), mediaType, [carrier], ready.AssetId);
            files.Add((beside.File, await SayAsync(asset, Sidecar, beside, cancellationToken) with { OriginalName = null }));
        }

        return files;
    }

    private async Task<PackedFile> SayAsync(RecordingAsset asset, string word, ReadyFile ready, CancellationToken cancellationToken)
    {
        using var key = await keys.RecordingKeyAsync(asset.RecordingId, cancellationToken);
        var digests = ready.File.Digests;
        return new PackedFile(
            ready.File.Name, word, ready.MediaType, digests.Length, Convert.ToHexStringLower(digests.Sha256.Span), "sha512-" + Base64Url.EncodeToString(digests.Sha512.Span), ready.Carriers,
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
        ObjectRole.Transcript => Transcript,
        ObjectRole.Chat => Chat,
        _ => "poster",
    };
}

/// <summary>What all packages of one export have in common.</summary>
internal sealed record PackageOrder(Guid ExportId, string Organisation, string Recipient, UsageTags.Purpose For, DateTimeOffset MadeAt, DateTimeOffset LicensedUntil);
