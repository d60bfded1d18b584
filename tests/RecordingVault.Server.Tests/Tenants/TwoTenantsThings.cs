using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Tasks;
using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Features.Joining;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Features.Rights;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Server.Tests.Asking;
using RecordingVault.Server.Tests.Consent;
using RecordingVault.Server.Tests.Export.Packages;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Joining;
using RecordingVault.Server.Tests.Passkeys;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Recordings.Approvals;
using RecordingVault.Server.Tests.Recordings.Disposing;
using RecordingVault.Server.Tests.Retention.Due;
using RecordingVault.Server.Tests.Retention.Schedules;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Tenants;

/// <summary>The things that are made, planted and compared.</summary>
public sealed partial class TwoTenantsTests
{
    private async Task<Dictionary<string, Guid>> ThingsOfAsync(TestTenant tenant)
    {
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        var recording = await CreateRecordingAsync(owner, "Session with Anna");
        var share = await IdOfAsync(await owner.PostAsJsonAsync($"/api/v1/recordings/{recording}/shares", new { }, Ct));
        var token = await TokenIdAsync(tenant.Id);
        using var creation = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads");
        creation.Headers.Add("Tus-Resumable", "1.0.0");
        creation.Headers.Add("Upload-Length", "1000");
        creation.Headers.Add("Upload-Metadata", "filename " + Convert.ToBase64String(Encoding.UTF8.GetBytes("walk.mp4")));
        using var created = await owner.SendAsync(creation, Ct);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var upload = Guid.Parse(created.Headers.Location!.ToString().Split('/')[^1]);
        var participant = await IdOfAsync(await owner.PostAsJsonAsync($"/api/v1/recordings/{recording}/participants", new { name = "Ben" }, Ct));
        var task = await Ledgered.WithTaskAsync(tenant, recording, Ct);
        var spoken = await PlantedEvidence.SpokenAsync(tenant, recording, Ct);
        await SettleAsync(tenant.Id);
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        var invitation = (await Invited.MakeAsync(vault, Ct, tenant: tenant)).Id;
        var (session, passkey) = await SignedInAsync(tenant);
        using var asked = await owner.PostAsJsonAsync($"/api/v1/recordings/{recording}/consent-requests", new { participants = new[] { participant } }, Ct);
        var request = (await asked.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("items")[0].GetProperty("id").GetGuid();
        var contact = await IdOfAsync(await owner.PostAsJsonAsync("/api/v1/contacts", new { participants = new[] { participant } }, Ct));
        return new Dictionary<string, Guid>(StringComparer.Ordinal)
        {
            ["contacts"] = contact,
            ["people"] = contact,
            ["erasure-requests"] = await IdOfAsync(await owner.PostAsJsonAsync($"/api/v1/contacts/{contact}/erasure-requests", new { }, Ct)),
            ["recordings"] = recording,
            ["participants"] = participant,
            ["consent-requests"] = request,
            ["consent-receipts"] = await PlantedReceipt.AddAsync(tenant, request, Guid.NewGuid(), Ct),
            ["consent-tasks"] = task,
            ["consent-records"] = spoken,
            ["consent-evidence"] = await PlantedEvidence.AddAsync(tenant, spoken, Guid.CreateVersion7(), Ct),
            ["shares"] = share,
            ["tokens"] = token,
            ["uploads"] = upload,
            ["members"] = member.Id,
            ["invitations"] = invitation,
            ["sessions"] = session,
            ["passkeys"] = passkey,
            ["processors"] = await PlantedProcessor.AddAsync(tenant, Guid.CreateVersion7(), Ct),
            ["exports"] = await PlantedExport.AddAsync(tenant, Guid.CreateVersion7(), Ct),
            ["certificates"] = await PlantedCertificate.AddAsync(tenant, (await StoredRecording.PutAsync(vault, tenant, 100, Ct)).Id, Ct),
            ["feeds"] = await PlantedFeed.AddAsync(tenant, Guid.CreateVersion7(), tenant.Owner.Id, Ct),
            ["loosenings"] = await PlantedLoosening.AddAsync(tenant, Guid.CreateVersion7(), recording, Ct),
            ["matters"] = await IdOfAsync(await owner.PostAsJsonAsync("/api/v1/matters", new { name = "Smith v. Jones" }, Ct)),
            ["schedules"] = await PlantedSchedule.AddAsync(tenant, Guid.CreateVersion7(), Ct),
            ["changes"] = await PlantedSchedule.AddChangeAsync(tenant, Guid.CreateVersion7(), Guid.CreateVersion7(), Ct),
        };
    }

    /// <summary>These are a member's, whatever his tenants: there is none under the same id elsewhere.</summary>
    private async Task<(Guid Session, Guid Passkey)> SignedInAsync(TestTenant tenant)
    {
        using var browser = await PasskeyBrowser.WithPasskeyAsync(vault, tenant.Owner, Ct);
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        return (await db.Sessions.Where(row => row.MemberId == tenant.Owner.Id).OrderByDescending(row => row.Id).Select(row => row.Id).FirstAsync(Ct), await db.Passkeys.Where(row => row.MemberId == tenant.Owner.Id).Select(row => row.Id).SingleAsync(Ct));
    }

    private async Task<Guid> TokenIdAsync(Guid tenantId)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().ApiTokens.Select(token => token.Id).FirstAsync(Ct);
    }

    /// <summary>The vault's own worker writes the card of what was just made, at its own time; a picture taken meanwhile shows half of it.</summary>
    private async Task CardsWrittenAsync(Guid tenantId)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            await using var scope = vault.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
            if (!await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.AnyAsync(row => row.CardVersion == null || row.CardVersion != row.Version, Ct))
                return;
            await Task.Delay(50, Ct);
        }
    }

    /// <summary>Rows of a second tenant under the ids of the first one's, each sealed under his own keys.</summary>
    private async Task PlantAsync(TestTenant tenant, Dictionary<string, Guid> ids, bool uploadExpired = false)
    {
        await PlantRecordingAsync(tenant.Id, ids["recordings"], "Of the second");
        await PlantedExport.AddAsync(tenant, ids["exports"], Ct);
        await PlantedProcessor.AddAsync(tenant, ids["processors"], Ct);
        await PlantedLoosening.AddAsync(tenant, ids["loosenings"], ids["recordings"], Ct);
        await PlantedFeed.AddAsync(tenant, ids["feeds"], tenant.Owner.Id, Ct);
        await PlantedSchedule.AddChangeAsync(tenant, ids["changes"], await PlantedSchedule.AddAsync(tenant, ids["schedules"], Ct), Ct);
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var keys = scope.ServiceProvider.GetRequiredService<TenantKeys>();
        using var key = await keys.RecordingKeyAsync(ids["recordings"], Ct);
        using var dataKey = await keys.DataKeyAsync(Ct);
        var now = TimeProvider.System.Now();
        db.Participants.Add(new Participant { TenantId = tenant.Id, Id = ids["participants"], RecordingId = ids["recordings"], Name = SealedText.Seal(key, tenant.Id, ids["participants"], Participant.NameColumn, "Planted") });
        PlantTask(db, tenant, ids);
        using var contactKey = await keys.NewContactKeyAsync(ids["contacts"], Ct);
        db.Contacts.Add(new Contact { TenantId = tenant.Id, Id = ids["contacts"], Name = SealedText.Seal(contactKey, tenant.Id, ids["contacts"], Contact.NameColumn, "Planted"), CreatedAt = now });
        db.ErasureRequests.Add(new ErasureRequest { TenantId = tenant.Id, Id = ids["erasure-requests"], ContactId = ids["contacts"], ReceivedAt = now, DueAt = now, CreatedAt = now, CreatedBy = Guid.NewGuid() });
        db.ContactPeople.Add(new ContactPerson { TenantId = tenant.Id, ParticipantId = ids["participants"], ContactId = ids["contacts"] });
        db.Shares.Add(new Share
        {
            TenantId = tenant.Id,
            Id = ids["shares"],
            RecordingId = ids["recordings"],
            SecretHash = Share.HashSecret(ids["shares"], SecretToken.New()),
            AllowDownload = false,
            ExpiresAt = now.AddDays(1),
            CreatedAt = now,
            CreatedBy = tenant.Owner.Id,
        });
        db.ApiTokens.Add(new ApiToken
        {
            Purposes = "view download",
            TenantId = tenant.Id,
            Id = ids["tokens"],
            SecretHash = new byte[32],
            MemberId = tenant.Owner.Id,
            Role = Role.Viewer,
            Name = SealedText.Seal(dataKey, tenant.Id, ids["tokens"], ApiToken.NameColumn, "planted"),
            CreatedAt = now,
            ExpiresAt = now.AddDays(1),
        });
        db.Uploads.Add(new Upload
        {
            TenantId = tenant.Id,
            Id = ids["uploads"],
            RecordingId = ids["recordings"],
            AssetId = Guid.CreateVersion7(),
            MemberId = tenant.Owner.Id,
            MadeRecording = false,
            Role = ObjectRole.OriginalSegment,
            Metadata = SealedText.Seal(key, tenant.Id, ids["uploads"], Upload.MetadataColumn, "filename d2Fsay5tcDQ="),
            DeclaredLength = 1_000,
            CreatedAt = now,
            ExpiresAt = uploadExpired ? now.AddDays(-1) : now.AddDays(1),
        });
        db.Matters.Add(new Matter { TenantId = tenant.Id, Id = ids["matters"], Name = SealedText.Seal(dataKey, tenant.Id, ids["matters"], Matter.NameColumn, "Planted"), OpenedAt = now, OpenedBy = tenant.Owner.Id });
        db.Memberships.Add(new Membership { TenantId = tenant.Id, Id = Guid.CreateVersion7(), MemberId = ids["members"], Role = Role.Viewer, CreatedAt = now });
        db.Invitations.Add(new Invitation
        {
            TenantId = tenant.Id,
            Id = ids["invitations"],
            SecretHash = new byte[32],
            Role = Role.Viewer,
            Email = SealedText.Seal(dataKey, tenant.Id, ids["invitations"], Invitation.EmailColumn, "planted@example.com"),
            CreatedAt = now,
            ExpiresAt = now.AddDays(1),
            InvitedBy = tenant.Owner.Id,
        });
        await db.SaveChangesAsync(Ct);
        await PlantedReceipt.AskAsync(tenant, ids["recordings"], ids["participants"], ids["consent-requests"], Ct);
        await PlantedReceipt.AddAsync(tenant, ids["consent-requests"], ids["consent-receipts"], Ct);
        await PlantedEvidence.AddAsync(tenant, ids["consent-records"], ids["consent-evidence"], Ct);
    }

    private static void PlantTask(VaultDbContext db, TestTenant tenant, Dictionary<string, Guid> ids)
    {
        var record = ids["consent-records"];
        var now = TimeProvider.System.Now();
        db.ConsentRecords.Add(new ConsentRecord
        {
            TenantId = tenant.Id,
            Id = record,
            RecordingId = ids["recordings"],
            ParticipantId = ids["participants"],
            Number = 1,
            Purpose = Purpose.Keep,
            Status = ConsentStatus.Refused,
            Method = ConsentMethod.Spoken,
            AtSeconds = 3,
            SaidAt = now,
            CreatedAt = now,
            RecordedByKind = AuditActorKind.System,
        });
        db.ConsentTasks.Add(new ConsentTask { TenantId = tenant.Id, Id = ids["consent-tasks"], RecordingId = ids["recordings"], ParticipantId = ids["participants"], Purpose = Purpose.Keep, RecordId = record, OpenedAt = now });
    }

    /// <summary>Writes the card of each recording, the upload's own too, and waits for the server's own jobs that were on their way to write them.</summary>
    private async Task SettleAsync(Guid tenantId)
    {
        foreach (var recordingId in await RecordingIdsAsync(tenantId))
        {
            await using var scope = vault.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<TenantJobRunner<WriteCardJob>>().RunAsync(tenantId, recordingId, Ct);
        }

        var seen = await SnapshotAsync(tenantId);
        for (var still = 0; still < 5; still++)
        {
            await Task.Delay(100, Ct);
            var now = await SnapshotAsync(tenantId);
            (seen, still) = (now, now == seen ? still : 0);
        }
    }

    private async Task<List<Guid>> RecordingIdsAsync(Guid tenantId)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.Select(recording => recording.Id).ToListAsync(Ct);
    }

    private async Task PlantRecordingAsync(Guid tenantId, Guid id, string title)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().NewRecordingKeyAsync(id, Ct);
        db.Recordings.Add(new Recording
        {
            TenantId = tenantId,
            Id = id,
            Title = SealedText.Seal(key, tenantId, id, Recording.TitleColumn, title),
            CreatedAt = TimeProvider.System.Now(),
            CreatedBy = Guid.CreateVersion7(),
        });
        await db.SaveChangesAsync(Ct);
    }
}
