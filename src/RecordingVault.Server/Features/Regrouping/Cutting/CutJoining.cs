using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <param name="AssetId">The film or sound of the copy.</param>
internal sealed record CutResult(CutClaim Claim, Guid AssetId, IReadOnlyList<RecordingChapter> Chapters, int LeftOut);

/// <summary>
/// What becomes true with a copy's content, in the transaction that commits it: who is in it and what each of them has said, and tag and label, which are as strict as all that
/// the original has by then. Whoever was left out stays with the original, with all that he said.
/// </summary>
internal sealed class CutJoining(VaultDbContext db, CutRows rows, MovedWords words, IPeopleLinks links, CarriedConsents consents, AuditLog audit, TimeProvider time)
{
    public const string Made = "recording.cut";

    /// <summary>The original, as long as a copy of it may be made.</summary>
    /// <exception cref="CutGivenUpException">It may not.</exception>
    public async Task<Recording> RequireAsync(RecordingCut cut, CancellationToken cancellationToken)
    {
        var from = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == cut.FromId, cancellationToken);
        var to = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == cut.ToId, cancellationToken);
        return from is not { IsBeingDestroyed: false, Manifest: not null } || to is not { IsBeingDestroyed: false } ? throw new CutGivenUpException("gone")
            : !await db.RecordingAssets.AnyAsync(asset => asset.Id == cut.AssetId && asset.RecordingId == cut.FromId, cancellationToken) ? throw new CutGivenUpException("moved")
            : from.TrashedAt is not null || to.TrashedAt is not null ? throw new CutGivenUpException("in-trash")
            // Whoever asked may not be somebody who could open it now.
            : !cut.WasRestricted && from.Label == ConfidentialityLabel.Restricted ? throw new CutGivenUpException("restricted")
            : from;
    }

    /// <summary>In the running transaction; the caller saves and commits.</summary>
    /// <exception cref="CutGivenUpException">It is not to be any more.</exception>
    public async Task JoinAsync(CutResult result, OwnerKey oldKey, OwnerKey newKey, CancellationToken cancellationToken)
    {
        var cut = result.Claim.Cut;
        await rows.HoldAsync(result.Claim, cancellationToken);
        var from = await RequireAsync(cut, cancellationToken);
        var to = await db.Recordings.SingleAsync(recording => recording.Id == cut.ToId, cancellationToken);
        await TightenAsync(from, to, cancellationToken);
        var before = await consents.PeopleAsync(cut.ToId, cancellationToken);
        // Everybody who is named in the original by now, but those who were left out.
        if (await words.CopyPeopleAsync(cut.FromId, cut.ToId, oldKey, newKey, time.Now(), cancellationToken, cut.WithoutIds) is not { } people)
            throw new CutGivenUpException("too-many-people");
        await links.LinkLikeAsync(cut.FromId, cut.ToId, people, cancellationToken);
        if (result.Chapters.Count > 0)
        {
            db.AssetProcessings.Add(new AssetProcessing
            {
                TenantId = cut.TenantId,
                Id = result.AssetId,
                RecordingId = cut.ToId,
                Chapters = SealedText.Seal(newKey, cut.TenantId, result.AssetId, AssetProcessing.ChaptersColumn, JsonSerializer.Serialize(result.Chapters, JsonSerializerOptions.Web)),
            });
        }

        await audit.AppendAsync(
            new AuditEntry(Made, Actor.System, AuditTargetKind.Recording, cut.ToId) { Decrypted = true, ChangesPermission = true, Fields = [("from", $"{cut.FromId}"), .. cut.Without.Length > 0 ? [("without", cut.Without)] : Array.Empty<(string, string)>()] },
            cancellationToken);
        await rows.FinishAsync(result.Claim, result.LeftOut, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await consents.CarryAsync(cut.FromId, cut.ToId, oldKey, newKey, before, cancellationToken);
    }

    /// <summary>What the original's files said of their own use stands in no file of the copy: its tag says it from here on (P4).</summary>
    private async Task TightenAsync(Recording from, Recording to, CancellationToken cancellationToken)
    {
        var found = await db.RecordingAssets.Where(asset => asset.RecordingId == from.Id && asset.DerivedFrom == null)
            .Select(asset => db.AssetMarks.Where(marks => marks.Id == asset.Id).Select(marks => marks.Objections).FirstOrDefault()).ToListAsync(cancellationToken);
        var (tag, label) = (to.UsageTag, to.Label);
        to.UsageTag = UsageTag.Naming(found.Aggregate(tag.Rights.Join(from.UsageTag.Rights), (rights, objections) => rights.Join(UsageWords.RightsOfRow(objections))));
        if (to.UsageTag != tag)
            await TellAsync(to, "recording.tag-tightened", [("tag", to.UsageTag.Name), ("before", tag.Name)], cancellationToken);
        if (from.Label <= label)
            return;
        to.Label = from.Label;
        await TellAsync(to, "recording.labelled", [("label", to.Label.Name()), ("before", label.Name())], cancellationToken);
    }

    private async Task TellAsync(Recording to, string type, IReadOnlyList<(string, string)> fields, CancellationToken cancellationToken) =>
        await audit.AppendAsync(new AuditEntry(type, Actor.System, AuditTargetKind.Recording, to.Id) { ChangesPermission = true, Fields = [.. fields] }, cancellationToken);
}
