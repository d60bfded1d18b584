using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Tests.Fixture;

internal sealed record TestMember(Guid Id, string Email, string Name, string Password, Role Role);

/// <summary>A tenant of one test, with an owner; members of other roles come when they are asked for.</summary>
internal sealed class TestTenant
{
    private readonly Dictionary<Role, HttpClient> clients = [];

    private TestTenant(TestVault vault, Guid id, string name, TestMember owner) => (Vault, Id, Name, Owner) = (vault, id, name, owner);

    public TestVault Vault { get; }

    public Guid Id { get; }

    public string Name { get; }

    public TestMember Owner { get; }

    public static async Task<TestTenant> CreateAsync(TestVault vault, CancellationToken cancellationToken, string? name = null)
    {
        var mark = Guid.NewGuid().ToString("N")[..12];
        var tenantName = name ?? $"House {mark}";
        var owner = new NewMember($"owner-{mark}@example.com", $"Owner {mark}", NewPassword()) { IsAddressProved = true };
        if (await vault.Services.GetRequiredService<VaultCreation>().CreateAsync(tenantName, owner, Actor.System, cancellationToken) is { } wrong)
            throw new InvalidOperationException(wrong.Sentence);
        var id = (await vault.Services.GetRequiredService<MemberTenants>().ListAsync(owner.Id, cancellationToken)).Single();
        return new TestTenant(vault, id, tenantName, new TestMember(owner.Id, owner.Email, owner.Name, owner.Password, Role.Owner));
    }

    /// <summary>Has nothing to do with its owner, whose names are words of their own.</summary>
    private static string NewPassword() => $"lantern {Guid.NewGuid().ToString("N")[..16]}";

    public AsyncServiceScope Enter() => Vault.Services.GetRequiredService<SystemScope>().Enter(Id);

    public async Task<TestMember> AddAsync(Role role, CancellationToken cancellationToken, bool mustChangePassword = false)
    {
        var mark = Guid.NewGuid().ToString("N")[..12];
        var member = new NewMember($"{role}-{mark}@example.com", $"{role} {mark}", NewPassword()) { MustChangePassword = mustChangePassword, IsAddressProved = true };
        await using var scope = Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var creation = scope.ServiceProvider.GetRequiredService<MemberCreation>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await creation.AddAccountAsync(member) is { } wrong)
            throw new InvalidOperationException(wrong.Sentence);
        await creation.JoinAsync(member.Id, role, Actor.System, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new TestMember(member.Id, member.Email, member.Name, member.Password, role);
    }

    /// <summary>A script's client with a token of a member of this role: always the same one.</summary>
    public async Task<HttpClient> ClientAsync(Role role, CancellationToken cancellationToken)
    {
        if (clients.TryGetValue(role, out var known))
            return known;
        var member = role == Role.Owner ? Owner : await AddAsync(role, cancellationToken);
        var client = Vault.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(member, role, cancellationToken));
        return clients[role] = client;
    }

    public async Task<string> TokenAsync(TestMember member, Role role, CancellationToken cancellationToken, int days = 30)
    {
        await using var scope = Enter();
        var made = await scope.ServiceProvider.GetRequiredService<TokenMaking>().MakeAsync(new NewToken("test", member.Id, role, days), Actor.System, cancellationToken);
        return made!.Value.Text.Show();
    }

    /// <summary>The tenant's newest events, newest first, as the API tells them.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(CancellationToken cancellationToken)
    {
        var client = await ClientAsync(Role.Owner, cancellationToken);
        using var page = JsonDocument.Parse(await client.GetStringAsync("/api/v1/audit/events?limit=200", cancellationToken));
        return [.. page.RootElement.GetProperty("items").EnumerateArray().Select(line => line.Clone())];
    }

    public async Task<IReadOnlyList<string>> EventTypesAsync(CancellationToken cancellationToken) =>
        [.. (await EventsAsync(cancellationToken)).Select(line => line.GetProperty("type").GetString()!)];
}
