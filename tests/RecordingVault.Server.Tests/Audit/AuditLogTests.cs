using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Tests.Audit;

public sealed class AuditLogTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Numbers_have_no_gap_when_many_write_at_once_and_some_of_them_fail()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);

        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => WriteAsync(tenant.Id, fails: i % 4 == 0)));

        var numbers = await NumbersAsync(tenant.Id);
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (long)number), numbers);
    }

    [Fact]
    public async Task A_leaf_holds_no_personal_value_and_its_digests_fit_what_lies_sealed_beside_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await using var scope = Scope(tenant.Id);
        var id = await scope.ServiceProvider.GetRequiredService<AuditLog>().WriteAsync(
            new AuditEntry("share.created", Actor.System with { Name = "Helen Marsh" }, AuditTargetKind.Share, Guid.CreateVersion7()) { Fields = [("recipient", "Claire Dubois")] }, Ct);

        var line = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().AuditEvents.AsNoTracking().SingleAsync(line => line.Id == id, Ct);
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(Ct);
        var leaf = JsonDocument.Parse(line.Leaf).RootElement;
        var values = JsonDocument.Parse(line.Values!.Value.Open(key, tenant.Id, id, AuditEvent.ValuesColumn)).RootElement;

        Assert.DoesNotContain("Claire", System.Text.Encoding.UTF8.GetString(line.Leaf), StringComparison.Ordinal);
        Assert.Equal(["actor.name", "recipient"], leaf.GetProperty("fields").EnumerateObject().Select(field => field.Name));
        var recipient = values.GetProperty("recipient");
        var field = new AuditField("recipient", Convert.FromHexString(recipient.GetProperty("Salt").GetString()!), recipient.GetProperty("Value").GetString()!);
        Assert.Equal(Convert.ToHexStringLower(field.Digest()), leaf.GetProperty("fields").GetProperty("recipient").GetString());
    }

    [Fact]
    public async Task An_event_outside_a_transaction_is_a_fault()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await using var scope = Scope(tenant.Id);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(new AuditEntry("test.event", Actor.System, null, null), Ct));
    }

    [Fact]
    public async Task Owners_and_auditors_read_the_log_and_contributors_do_not()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var auditor = await tenant.ClientAsync(Role.Auditor, Ct);
        var contributor = await tenant.ClientAsync(Role.Contributor, Ct);

        var page = await auditor.GetFromJsonAsync<JsonElement>("/api/v1/audit/events?limit=1", Ct);
        var next = await auditor.GetFromJsonAsync<JsonElement>($"/api/v1/audit/events?limit=1&cursor={page.GetProperty("nextCursor").GetString()}", Ct);
        using var refused = await contributor.GetAsync("/api/v1/audit/events", Ct);

        Assert.Equal(page.GetProperty("items")[0].GetProperty("number").GetInt64() - 1, next.GetProperty("items")[0].GetProperty("number").GetInt64());
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private AsyncServiceScope Scope(Guid tenantId)
    {
        var scope = shared.Vault.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
        return scope;
    }

    private async Task WriteAsync(Guid tenantId, bool fails)
    {
        await using var scope = Scope(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(Ct);
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(new AuditEntry("test.event", Actor.System, null, null), Ct);
        await db.SaveChangesAsync(Ct);
        if (!fails)
            await transaction.CommitAsync(Ct);
    }

    private async Task<List<long>> NumbersAsync(Guid tenantId)
    {
        await using var scope = Scope(tenantId);
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().AuditEvents.AsNoTracking().OrderBy(line => line.Number).Select(line => line.Number).ToListAsync(Ct);
    }
}
