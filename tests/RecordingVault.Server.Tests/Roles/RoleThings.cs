using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Joining;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Asking;
using RecordingVault.Server.Tests.Consent;
using RecordingVault.Server.Tests.Contacts;
using RecordingVault.Server.Tests.Export.Packages;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Recordings.Approvals;
using RecordingVault.Server.Tests.Recordings.Disposing;
using RecordingVault.Server.Tests.Retention.Due;
using RecordingVault.Server.Tests.Retention.Schedules;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Roles;

/// <summary>
/// Real things of one tenant, by the word that stands before their id in an address. Each is made anew for each call that may end it, and as the
/// caller's own where only its owner sees it.
/// </summary>
internal sealed class RoleThings(TestTenant tenant)
{
    private readonly Dictionary<string, Guid> kept = new(StringComparer.Ordinal);

    public TestTenant Tenant => tenant;

    /// <param name="caller">Who is going to ask; null for things of nobody in particular.</param>
    /// <param name="isSafe">The call changes nothing, so what was made before does.</param>
    public async Task<Guid> TakeAsync(string kind, RoleCaller? caller, bool isSafe, CancellationToken cancellationToken)
    {
        var isOwn = kind is "tokens" or "uploads" or "sessions" or "passkeys" or "feeds";
        if (isSafe && !isOwn && kept.TryGetValue(kind, out var known))
            return known;
        var made = await MakeAsync(kind, caller, cancellationToken);
        // What a call deletes for good is gone at once, and is not looked at by the next.
        if (isSafe || kind is not ("contacts" or "people" or "consent-evidence" or "schedules"))
            kept[kind] = made;
        return made;
    }

    private async Task<Guid> MakeAsync(string kind, RoleCaller? caller, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case "recordings":
                return await PostAsync("/api/v1/recordings", new { title = "Session with Anna" }, cancellationToken);
            case "films":
                return (await StoredRecording.PutAsync(tenant.Vault, tenant, 1_000, cancellationToken)).Id;
            case "shares" or "s":
                return await PostAsync($"/api/v1/recordings/{await PostAsync("/api/v1/recordings", new { title = "Shared" }, cancellationToken)}/shares", new { }, cancellationToken);
            case "consent-requests" or "c":
                return await AskedAsync(cancellationToken);
            case "consent-receipts":
                return await PlantedReceipt.AddAsync(tenant, await AskedAsync(cancellationToken), Guid.NewGuid(), cancellationToken);
            case "tokens":
                return TokenText.Parse(await tenant.TokenAsync(caller?.Member ?? tenant.Owner, Role.Viewer, cancellationToken))!.Id;
            case "uploads":
                return await UploadAsync(caller, cancellationToken);
            case "sessions":
                return await SessionAsync(caller?.Member ?? tenant.Owner, cancellationToken);
            case "passkeys":
                return await PasskeyAsync(caller?.Member ?? tenant.Owner, cancellationToken);
            case "exports":
                return await PlantedExport.AddAsync(tenant, Guid.CreateVersion7(), cancellationToken);
            case "members":
                return (await tenant.AddAsync(Role.Contributor, cancellationToken)).Id;
            case "consent-tasks":
                return await Ledgered.WithTaskAsync(tenant, await PostAsync("/api/v1/recordings", new { title = "With Ben" }, cancellationToken), cancellationToken);
            case "consent-records":
                return await PlantedEvidence.SpokenAsync(tenant, await PostAsync("/api/v1/recordings", new { title = "Spoken in" }, cancellationToken), cancellationToken);
            case "consent-evidence":
                return await PlantedEvidence.AddAsync(tenant, await TakeAsync("consent-records", caller, isSafe: false, cancellationToken), Guid.CreateVersion7(), cancellationToken);
            case "participants":
                return await PostAsync($"/api/v1/recordings/{await PostAsync("/api/v1/recordings", new { title = "With Ben" }, cancellationToken)}/participants", new { name = "Ben" }, cancellationToken);
            case "erasure-requests":
                return await PostAsync($"/api/v1/contacts/{await MakeAsync("contacts", caller, cancellationToken)}/erasure-requests", new { }, cancellationToken);
            case "contacts" or "people":
                return await PostAsync("/api/v1/contacts", new { participants = new[] { await MakeAsync("participants", caller, cancellationToken) } }, cancellationToken);
            case "o":
                return await PlantedOwnLink.AddAsync(tenant, cancellationToken);
            case "processors":
                return await PlantedProcessor.AddAsync(tenant, Guid.CreateVersion7(), cancellationToken);
            case "loosenings":
                return await PlantedLoosening.AddAsync(tenant, Guid.CreateVersion7(), await TakeAsync("recordings", caller, isSafe: false, cancellationToken), cancellationToken);
            case "certificates":
                return await PlantedCertificate.AddAsync(tenant, await MakeAsync("films", caller, cancellationToken), cancellationToken);
            case "matters":
                return await PostAsync("/api/v1/matters", new { name = "Smith v. Jones" }, cancellationToken);
            case "feeds":
                return await PlantedFeed.AddAsync(tenant, Guid.CreateVersion7(), (caller?.Member ?? tenant.Owner).Id, cancellationToken);
            case "schedules":
                return await PlantedSchedule.AddAsync(tenant, Guid.CreateVersion7(), cancellationToken);
            case "changes":
                return await PlantedSchedule.AddChangeAsync(tenant, Guid.CreateVersion7(), await MakeAsync("schedules", caller, cancellationToken), cancellationToken);
            case "invitations":
                return await InvitationAsync(cancellationToken);
            default:
                throw new InvalidOperationException($"Say here how a thing of \"{kind}\" is made, so that its endpoints can be walked.");
        }
    }

    private async Task<Guid> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var answer = await (await tenant.ClientAsync(Role.Owner, cancellationToken)).PostAsJsonAsync(path, body, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetGuid();
    }

    /// <summary>An upload is seen by who began it alone; who may begin none asks for another's.</summary>
    private async Task<Guid> UploadAsync(RoleCaller? caller, CancellationToken cancellationToken)
    {
        using var creation = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads");
        creation.Headers.Add("Tus-Resumable", "1.0.0");
        creation.Headers.Add("Upload-Length", "1000");
        creation.Headers.Add("Upload-Metadata", "filename " + Convert.ToBase64String(Encoding.UTF8.GetBytes("walk.mp4")));
        using var answer = caller is { Role: Role.Owner or Role.Admin or Role.Contributor } && caller.Tenant == tenant
            ? await caller.SendAsync(creation, cancellationToken)
            : await (await tenant.ClientAsync(Role.Owner, cancellationToken)).SendAsync(creation, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var id = Guid.Parse(answer.Headers.Location!.ToString().Split('/')[^1]);
        return id;
    }

    private async Task<Guid> SessionAsync(TestMember member, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var key = scope.ServiceProvider.GetRequiredService<VaultKeyring>().Vault;
        var (session, _) = Session.Begin(new ProvedMember(member.Id, "another"), tenant.Id, Actor.System, key, TimeProvider.System.Now());
        db.Sessions.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        return session.Id;
    }

    private async Task<Guid> PasskeyAsync(TestMember member, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var keyring = scope.ServiceProvider.GetRequiredService<VaultKeyring>();
        var (id, credential, now) = (Guid.NewGuid(), Guid.NewGuid().ToByteArray(), TimeProvider.System.Now());
        db.Add(new IdentityUserPasskey<Guid>
        {
            UserId = member.Id,
            CredentialId = credential,
            Data = new IdentityPasskeyData { PublicKey = [1], AttestationObject = [1], ClientDataJson = [1], Transports = [], CreatedAt = now },
        });
        db.Passkeys.Add(new Passkey { Id = id, MemberId = member.Id, CredentialId = credential, Name = PasskeyName.Seal(keyring, id, "Key"), CreatedAt = now });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }

    private async Task<Guid> AskedAsync(CancellationToken cancellationToken)
    {
        var recording = await PostAsync("/api/v1/recordings", new { title = "Asked about", participants = new[] { new { name = "Ben Okafor" } } }, cancellationToken);
        var owner = await tenant.ClientAsync(Role.Owner, cancellationToken);
        var people = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{recording}/participants", cancellationToken);
        using var asked = await owner.PostAsJsonAsync($"/api/v1/recordings/{recording}/consent-requests", new { participants = new[] { people.GetProperty("items")[0].GetProperty("id").GetGuid() } }, cancellationToken);
        asked.EnsureSuccessStatusCode();
        return (await asked.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("items")[0].GetProperty("id").GetGuid();
    }

    private async Task<Guid> InvitationAsync(CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(cancellationToken);
        var (id, now) = (Guid.NewGuid(), TimeProvider.System.Now());
        db.Invitations.Add(new Invitation
        {
            TenantId = tenant.Id,
            Id = id,
            SecretHash = new byte[32],
            Role = Role.Viewer,
            Email = SealedText.Seal(key, tenant.Id, id, Invitation.EmailColumn, $"{id:N}@example.com"),
            CreatedAt = now,
            ExpiresAt = now.AddDays(1),
            InvitedBy = tenant.Owner.Id,
        });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }

    /// <summary>A request with what its kind asks for at least, and nothing that would let it succeed by chance where that can't be undone.</summary>
    public static HttpRequestMessage Request(RoleRow row, Guid? id, Guid tenantId)
    {
        var path = string.Join('/', row.Path.Split('/').Select(part => part.StartsWith("{id", StringComparison.Ordinal) ? id!.Value.ToString() : part));
        path = path.Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{tag}", "no-ai-training", StringComparison.Ordinal).Replace("{version}", "vault-1", StringComparison.Ordinal).Replace("{hold:guid}", tenantId.ToString(), StringComparison.Ordinal);
        var request = new HttpRequestMessage(new HttpMethod(row.Method), path);
        if (row.Path.StartsWith("/api/v1/uploads", StringComparison.Ordinal) && !row.Path.EndsWith("/plan", StringComparison.Ordinal))
        {
            request.Headers.Add("Tus-Resumable", "1.0.0");
            request.Headers.Add("Upload-Offset", "0");
            request.Content = new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
        }
        else if (row.Method is "POST" or "PATCH" or "PUT")
        {
            request.Content = row.Path.StartsWith("/api", StringComparison.Ordinal) || row.Path is "/s/{id:guid}/open" or "/c/{id:guid}/open" or "/o/{id:guid}/open" or "/c/{id:guid}/pace" or "/s/{id:guid}/played" or "/signin/passkey" or "/signin/again/passkey" or "/settings/security/passkeys"
                ? JsonContent.Create(new { })
                : new FormUrlEncodedContent([new("days", "1"), new("tenant", tenantId.ToString())]);
        }

        return request;
    }

    /// <summary>The word before the id; null where the address names no thing.</summary>
    public static string? KindOf(RoleRow row)
    {
        var parts = row.Path.Split('/');
        var at = Array.FindIndex(parts, part => part.StartsWith("{id", StringComparison.Ordinal));
        // Only of content that is there does the gate decide by role.
        return at < 0 ? null : row.Refused.Count > 0 ? "films" : parts[at - 1];
    }
}
