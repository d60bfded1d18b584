using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Signing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Packages;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>
/// Builds what somebody asked for: looks at each recording, packs those that may leave, and seals the whole as it is written. Killed anywhere, a sweep begins it anew; what lay
/// there half written is under the export's own key and goes with it.
/// </summary>
internal sealed class BuildExportJob(
    VaultDbContext db, TenantKeys keys, SealedStore store, PackageMaking making, SigningKeys signing, PageFrames frames, AuditLog audit, ExportEnding ending, ExportBuilds builds, WorkPulse pulse, TimeProvider time) : ITenantJob
{
    /// <summary>A line of the log is short; the package itself names them all.</summary>
    private const int MostTold = 100;

    /// <summary>Between whoever puts a package together and whoever seals it: a few blocks, so that neither waits for the other at each of them.</summary>
    private static readonly PipeOptions s_room = new(pauseWriterThreshold: 2 << 20, resumeWriterThreshold: 1 << 20, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false);

    public static string Name => "build-export";

    public static string Queue => JobQueue.Export;

    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        if (await builds.ClaimAsync(subjectId, cancellationToken) is not { } export)
            return;
        try
        {
            await pulse.DuringAsync(export.TenantId, (services, token) => services.GetRequiredService<ExportBuilds>().BeatAsync(export, token), () => BuildAsync(export, cancellationToken), cancellationToken);
        }
        catch (Exception fault) when (fault is KeyDestroyedException or ClaimLostException)
        {
            // It was ended meanwhile: there is nobody to build it for. Or another one is at it.
            await SweepIfEndedAsync(export.Id, cancellationToken);
        }
        catch
        {
            // The machine's fault, or the end of this process: the row says so, and a sweep comes back to it.
            await builds.GiveBackAsync(export, isStopped: cancellationToken.IsCancellationRequested, CancellationToken.None);
            throw;
        }
    }

    private async Task BuildAsync(PackageExport export, CancellationToken cancellationToken)
    {
        List<MadePackage> made = [];
        using var key = await keys.ExportKeyAsync(export.Id, cancellationToken);
        // Before the time that the package says: no key signs before it was made.
        using var signer = await signing.OpenAsync(SigningUse.Package, cancellationToken);
        var order = new PackageOrder(
            export.Id, await frames.TenantNameAsync(cancellationToken), export.Recipient.Open(key, export.TenantId, export.Id, PackageExport.RecipientColumn), export.For, time.Now(), export.LicensedUntil);
        await LookAsync(export, order, key, made, cancellationToken);
        if (made.Count == 0)
        {
            await RefuseAsync(export, cancellationToken);
            return;
        }

        var plan = made is [var only] && await db.PackageExportItems.CountAsync(item => item.ExportId == export.Id, cancellationToken) == 1 ? only.Plan : await BundleAsync(export.Id, order, made, signer, cancellationToken);
        var (written, stored) = await SealAsync(plan, signer, key, cancellationToken);
        await FinishAsync(export, order, made, written, stored, cancellationToken);
    }

    /// <summary>Each recording that nobody has refused before is let out, marked and measured, or its row says why not.</summary>
    private async Task LookAsync(PackageExport export, PackageOrder order, OwnerKey key, List<MadePackage> made, CancellationToken cancellationToken)
    {
        var actor = new Actor(export.TokenId is null ? AuditActorKind.Member : AuditActorKind.Token, export.TokenId ?? export.MemberId);
        // A package is a grant of its own: its releases are joined by nothing that went to somebody else.
        var packing = new PackingFor(new MemberAsker(actor, export.MemberId, export.SessionId, export.TokenId) { For = export.For, GrantId = export.Id, IsPacking = true }, order.Recipient, key);
        var items = await db.PackageExportItems.Where(item => item.ExportId == export.Id).OrderBy(item => item.Number).ToListAsync(cancellationToken);
        var isBundle = items.Count > 1;
        foreach (var item in items)
        {
            if (item.Reason is null)
            {
                var (package, left) = await making.MakeAsync(packing, item.RecordingId, order, isBundle ? Guid.CreateVersion7() : export.Id, cancellationToken);
                (item.IsPacked, item.Reason, item.Sentence) = (package is not null, left?.Reason, left?.Sentence);
                if (package is not null)
                    made.Add(package);
                item.Tag = package?.Facts.Tag;
            }

            // What is written of it is what lies in the package: whoever was taken for gone writes nothing into another one's.
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (await builds.Held(export).ExecuteUpdateAsync(set => set.SetProperty(row => row.Done, row => row.Done + 1), cancellationToken) == 0)
                throw new ClaimLostException();
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>A package of packages; each is written once to be measured, and gives the same bytes when it is written into the bundle.</summary>
    private async Task<PackagePlan> BundleAsync(Guid exportId, PackageOrder order, List<MadePackage> made, HeldSigningKey signer, CancellationToken cancellationToken)
    {
        List<PackageFile> files = [];
        foreach (var package in made)
            files.Add(await PackageFile.MeasureAsync($"packages/{package.Facts.Recording.Id}.zip", token => ValueTask.FromResult<Stream>(Written(package.Plan, signer, token)), cancellationToken));
        var items = await db.PackageExportItems.AsNoTracking().Where(item => item.ExportId == exportId).OrderBy(item => item.Number).ToListAsync(cancellationToken);
        files.Add(PackageFile.Of("outcomes.json", PackageWords.Bytes(new JsonObject
        {
            ["recordings"] = new JsonArray([.. items.Select(item => (JsonNode)new JsonObject { ["recording"] = item.RecordingId.ToString(), ["packed"] = item.IsPacked is true, ["reason"] = item.Reason, ["sentence"] = item.Sentence })]),
        })));
        return new PackagePlan(exportId, order.MadeAt, PackageWords.BundleReadme(order.Organisation, order.Recipient, order.For, order.MadeAt, made.Count, items.Count - made.Count), files);
    }

    private async Task<(WrittenPackage Written, WholeObject Stored)> SealAsync(PackagePlan plan, HeldSigningKey signer, OwnerKey key, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(s_room);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(pipe.Writer, plan, signer, broken.Token);
        try
        {
            await using var reader = pipe.Reader.AsStream();
            var stored = await store.PutWholeAsync(key, ObjectRole.ExportPackage, reader, cancellationToken);
            return (await writing, stored);
        }
        finally
        {
            // Whoever waits for room in the pipe must not wait for a reader that is gone; and nothing is disposed that is still read from.
            await broken.CancelAsync();
            await Task.WhenAny(writing);
        }
    }

    /// <summary>The bytes of a package as a stream.</summary>
    private static PumpedStream Written(PackagePlan plan, HeldSigningKey signer, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(s_room);
        return new PumpedStream(pipe, token => WriteAsync(pipe.Writer, plan, signer, token), cancellationToken);
    }

    private static async Task<WrittenPackage> WriteAsync(PipeWriter writer, PackagePlan plan, HeldSigningKey signer, CancellationToken cancellationToken)
    {
        try
        {
            await using var output = writer.AsStream(leaveOpen: true);
            var written = await PackageWriter.WriteAsync(output, plan, signer.Key, cancellationToken);
            await writer.CompleteAsync();
            return written;
        }
        catch (Exception fault) // told to the reader of the pipe, who throws it on: a package that breaks off must not look whole
        {
            await writer.CompleteAsync(fault);
            throw;
        }
    }

    private async Task RefuseAsync(PackageExport made, CancellationToken cancellationToken)
    {
        await builds.Held(made).ExecuteUpdateAsync(set => set.SetProperty(export => export.State, ExportState.Refused).SetProperty(export => export.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);
    }

    /// <summary>The row says ready and the log says what left, in one transaction: one event for each recording.</summary>
    private async Task FinishAsync(PackageExport export, PackageOrder order, List<MadePackage> made, WrittenPackage written, WholeObject stored, CancellationToken cancellationToken)
    {
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            var digest = written.Sha256.ToArray();
            // Whoever was believed dead is too late: another one is at it, or has made it.
            var isThere = await builds.Held(export).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, ExportState.Ready).SetProperty(row => row.ObjectId, stored.ObjectId).SetProperty(row => row.SizeInBytes, written.LengthInBytes)
                    .SetProperty(row => row.Sha256, digest).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null),
                cancellationToken) == 1;
            if (isThere)
            {
                foreach (var package in made)
                {
                    await audit.AppendAsync(new AuditEntry("recording.exported", Actor.System, AuditTargetKind.Recording, package.Facts.Recording.Id)
                    {
                        Decrypted = true,
                        Fields =
                        [
                            ("export", export.Id.ToString()), ("recipient", order.Recipient), ("for", export.For.Name()), ("tag", package.Facts.Tag.Name), ("carriers", package.Carriers), ("sha256", Convert.ToHexStringLower(digest)),
                            ("files", Told(package)),
                        ],
                    }, cancellationToken);
                }

                await db.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return;
            }
        }

        await SweepIfEndedAsync(export.Id, cancellationToken);
    }

    /// <summary>It was ended while it was built: what was sealed just now goes with the rest. Where another one is at it, what this one sealed goes with the export.</summary>
    private async Task SweepIfEndedAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await db.PackageExports.AnyAsync(row => row.Id == id && row.State == ExportState.Ended, cancellationToken))
            await ending.SweepAsync(id, cancellationToken);
    }

    /// <summary>Name and digest of each finished film: a package may be taken apart, and each of them handed on by itself.</summary>
    private static string Told(MadePackage package) =>
        string.Join(' ', package.Facts.Files.Where(file => file.Role is PackageMaking.Original or PackageMaking.Copy).Take(MostTold).Select(file => $"{file.Name}={file.Sha256}"));
}
