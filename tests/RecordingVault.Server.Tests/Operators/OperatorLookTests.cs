using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Operators;

/// <summary>What an operator sees of an organisation, and that its owner hears of it.</summary>
public sealed class OperatorLookTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_look_at_organisations_is_one_event_in_the_log_of_each_and_its_owner_reads_it()
    {
        await using var vault = await TestVault.StartAsync();
        var tenant = await TestTenant.CreateAsync(vault, Ct, "Quillfeather Coaching");
        var other = await TestTenant.CreateAsync(vault, Ct, "Marsh Coaching");
        var op = await TestOperator.CreateAsync(vault, Ct);
        using var browser = await op.EnterAsync(Ct);

        var page = await (await browser.GetAsync("/operator/tenants", Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Contains("Quillfeather Coaching", page, StringComparison.Ordinal);
        Assert.Contains("Marsh Coaching", page, StringComparison.Ordinal);
        Assert.DoesNotContain(tenant.Owner.Name, page, StringComparison.Ordinal);
        Assert.DoesNotContain(tenant.Owner.Email, page, StringComparison.Ordinal);
        foreach (var one in new[] { tenant, other })
        {
            var look = Assert.Single(await one.EventsAsync(Ct), line => line.GetProperty("type").GetString() == TenantLooks.Looked);
            Assert.Equal("operator", look.GetProperty("actor").GetProperty("kind").GetString());
            Assert.Equal(one.Id, look.GetProperty("target").GetProperty("id").GetGuid());
            Assert.Equal(op.Name, look.GetProperty("details").GetProperty("actor.name").GetString());
            Assert.False(look.GetProperty("decrypted").GetBoolean());
        }

        using var owner = new TestBrowser(vault);
        await owner.SignInAsync(tenant.Owner, Ct);
        var log = await (await owner.GetAsync("/audit", Ct)).Content.ReadAsStringAsync(Ct);
        Assert.Contains("looked at this organisation&#x27;s name and size", log, StringComparison.Ordinal);
        Assert.Contains("The operator", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_jobs_and_versions_are_looks_at_no_organisation()
    {
        await using var vault = await TestVault.StartAsync();
        var tenant = await TestTenant.CreateAsync(vault, Ct, "Quillfeather Coaching");
        using var browser = await (await TestOperator.CreateAsync(vault, Ct)).EnterAsync(Ct);

        foreach (var path in new[] { "/operator", "/operator/jobs", "/operator/versions" })
        {
            var answer = await browser.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var page = await answer.Content.ReadAsStringAsync(Ct);
            Assert.All([tenant.Name, tenant.Owner.Name, tenant.Owner.Email], word => Assert.DoesNotContain(word, page, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(TenantLooks.Looked, await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task What_can_not_be_written_down_is_not_shown()
    {
        await using var vault = await TestVault.StartAsync();
        var tenant = await TestTenant.CreateAsync(vault, Ct, "Quillfeather Coaching");
        using var browser = await (await TestOperator.CreateAsync(vault, Ct)).EnterAsync(Ct);
        using var failing = DatabaseEvents.WhenSaving(tenant.Id, _ => throw new IOException("the disk is full"));

        var answer = await browser.GetAsync("/operator/tenants", Ct);

        Assert.InRange((int)answer.StatusCode, 500, 599);
        Assert.DoesNotContain(tenant.Name, await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_organisations_follow_one_another()
    {
        await using var vault = await TestVault.StartAsync();
        for (var i = 0; i < TenantLooks.PageLength + 1; i++)
            await TestTenant.CreateAsync(vault, Ct, $"House {i}");
        await using var scope = vault.Services.CreateAsyncScope();
        var looks = scope.ServiceProvider.GetRequiredService<TenantLooks>();

        var (first, next) = await looks.PageAsync(null, Actor.System, Ct);
        var (second, end) = await looks.PageAsync(next, Actor.System, Ct);

        Assert.Equal(TenantLooks.PageLength, first.Count);
        Assert.Single(second);
        Assert.Null(end);
        Assert.Equal(TenantLooks.PageLength + 1, first.Concat(second).Select(line => line.Name).Distinct(StringComparer.Ordinal).Count());
    }
}
