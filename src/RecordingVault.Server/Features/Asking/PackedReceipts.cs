using System.Text;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Features.Asking;

/// <summary>The newest receipt of each person goes along with the recording: signed by itself, it is checked apart from the package too.</summary>
internal sealed class PackedReceipts(VaultDbContext db, TenantKeys keys) : IPackagePapers
{
    public async Task<IReadOnlyList<PackageFile>> OfAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var newest = await db.ConsentReceipts.AsNoTracking().Where(receipt => receipt.RecordingId == recordingId
                && !db.ConsentReceipts.Any(later => later.RecordingId == recordingId && later.ParticipantId == receipt.ParticipantId && (later.CreatedAt > receipt.CreatedAt || (later.CreatedAt == receipt.CreatedAt && later.Id.CompareTo(receipt.Id) > 0))))
            .OrderBy(receipt => receipt.CreatedAt).ThenBy(receipt => receipt.Id).ToListAsync(cancellationToken);
        if (newest.Count == 0)
            return [];
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        return [.. newest.Select((receipt, place) => PackageFile.Of($"consents/receipt-{place + 1}.json", Encoding.UTF8.GetBytes(receipt.Document.Open(key, receipt.TenantId, receipt.Id, ConsentReceipt.DocumentColumn))))];
    }
}
