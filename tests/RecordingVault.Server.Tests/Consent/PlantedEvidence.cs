using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Evidence;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>Evidence that is put in by the services, under a chosen id, and as a script sends it.</summary>
internal static class PlantedEvidence
{
    public static readonly byte[] Paper = [.. "%PDF-1.7 "u8, .. "signed by Ben Okafor"u8];

    /// <summary>A record of what somebody said in a recording, at a second of it.</summary>
    public static async Task<Guid> SpokenAsync(TestTenant tenant, Guid recordingId, CancellationToken cancellationToken)
    {
        var recording = await Ledgered.MakeAsync(tenant, recordingId, cancellationToken, "Quentin");
        using var said = await (await tenant.ClientAsync(Role.Owner, cancellationToken)).PostAsJsonAsync(
            recording.Path + "/consents", new { participant = recording.People["Quentin"], purpose = "keep", status = "given", method = "spoken", seconds = 12.5, untilSeconds = 20 }, cancellationToken);
        said.EnsureSuccessStatusCode();
        return (await said.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetGuid();
    }

    public static async Task<Guid> AddAsync(TestTenant tenant, Guid recordId, Guid id, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().NewEvidenceKeyAsync(id, cancellationToken);
        var stored = await scope.ServiceProvider.GetRequiredService<SealedStore>().PutWholeAsync(key, ObjectRole.Evidence, new MemoryStream(Paper), cancellationToken);
        db.ConsentEvidence.Add(new ConsentEvidence
        {
            TenantId = tenant.Id,
            Id = id,
            CreatedAt = TimeProvider.System.Now(),
            AddedByKind = AuditActorKind.System,
            ObjectId = stored.ObjectId,
            Kind = EvidenceKind.Pdf,
            SizeInBytes = Paper.Length,
            Name = SealedText.Seal(key, tenant.Id, id, ConsentEvidence.NameColumn, "paper.pdf"),
            Digest = SealedText.Seal(key, tenant.Id, id, ConsentEvidence.DigestColumn, "00"),
            About = SealedText.Seal(key, tenant.Id, id, ConsentEvidence.AboutColumn, """{"Person":"Ben","Said":[]}"""),
        });
        db.EvidenceRecords.Add(new EvidenceRecord { TenantId = tenant.Id, EvidenceId = id, RecordId = recordId });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }

    /// <summary>The row of a file that began to come, and its key.</summary>
    public static async Task BeginAsync(TestTenant tenant, Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().NewEvidenceKeyAsync(id, cancellationToken);
        db.ConsentEvidence.Add(new ConsentEvidence { TenantId = tenant.Id, Id = id, CreatedAt = at, AddedByKind = AuditActorKind.System });
        await db.SaveChangesAsync(cancellationToken);
    }

    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, Guid recording, HttpContent file, CancellationToken cancellationToken, string name = "paper.pdf", DateTimeOffset? keptUntil = null, params Guid[] records)
    {
        var query = string.Join('&', records.Select(record => $"records={record}")) + (keptUntil is { } until ? $"&keptUntil={until:yyyy-MM-ddTHH:mm:ssZ}" : "");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/recordings/{recording}/consent-evidence?{query}") { Content = file };
        // What is refused by its length is not sent.
        request.Headers.ExpectContinue = true;
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = name };
        return await client.SendAsync(request, cancellationToken);
    }

    /// <summary>What there is of evidence of a tenant: rows, wrapped keys, and objects in the store.</summary>
    public static async Task<(int Rows, int Keys, int Objects)> LeftAsync(TestTenant tenant, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var folder = Path.Combine(tenant.Vault.DataDirectory, "store", "t", tenant.Id.ToString(), "e");
        return (
            await db.ConsentEvidence.CountAsync(cancellationToken), await db.KeyWraps.CountAsync(wrap => wrap.Kind == Vault.Keys.KeyKind.Evidence, cancellationToken),
            Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count() : 0);
    }
}
