using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Approvals;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Recordings.Approvals;

/// <summary>A request that time or a change went over approves nothing, whether or not somebody has noticed.</summary>
public sealed class StaleLooseningTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static readonly string[] s_none = [];
    private static readonly string[] s_training = ["generative-training"];
    private static readonly string[] s_more = ["generative-training", "mining"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_decides_after_seven_days_and_the_sweep_says_so_once()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        var id = await two.AskAsync(Ct);
        vault.Clock.Advance(LooseningRequest.Life);
        await two.SignInAsync(Ct);

        using var late = await TwoPeople.DecideAsync(two.Second, id, Ct);
        var seen = await two.StateAsync(id, Ct);
        await SweepAsync();
        await SweepAsync();
        using var later = await TwoPeople.DecideAsync(two.Second, id, Ct);

        Assert.Equal((HttpStatusCode.Conflict, "loosening-over", "expired"), (late.StatusCode, await SharedLink.SlugAsync(late, Ct), seen));
        Assert.Equal((HttpStatusCode.Conflict, "loosening-over", "expired"), (later.StatusCode, await SharedLink.SlugAsync(later, Ct), await two.StateAsync(id, Ct)));
        Assert.Equal("no-tdm", await two.TagAsync(Ct));
        var told = Assert.Single(await two.EventsAsync("recording.loosening-expired", Ct));
        Assert.Equal((id.ToString(), "system"), (TwoPeople.Detail(told, "request"), told.GetProperty("actor").GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task A_tag_that_changed_and_came_back_is_not_the_one_that_was_asked_about()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        await NeedAsync(two, s_none);
        (await two.TryAsync("no-ai-training", Ct)).EnsureSuccessStatusCode().Dispose();
        await NeedAsync(two, s_training);
        var id = await two.AskAsync(Ct, "allowed");
        using var contributor = await two.AnotherAsync(Role.Contributor, Ct);
        using var tightened = await contributor.PostFormAsync("/recordings/chosen/use", [("recording", $"{two.Recording}"), ("tag", "no-tdm")], Ct, "/");
        using var stale = await TwoPeople.DecideAsync(two.Second, id, Ct);
        await NeedAsync(two, s_none);
        (await two.TryAsync("no-ai-training", Ct)).EnsureSuccessStatusCode().Dispose();

        using var back = await TwoPeople.DecideAsync(two.Second, id, Ct);
        await SweepAsync();

        Assert.Equal(HttpStatusCode.Redirect, tightened.StatusCode);
        Assert.Equal(("loosening-stale", "loosening-stale"), (await SharedLink.SlugAsync(stale, Ct), await SharedLink.SlugAsync(back, Ct)));
        Assert.Equal(("no-ai-training", "stale"), (await two.TagAsync(Ct), await two.StateAsync(id, Ct)));
        Assert.Empty(await two.EventsAsync("recording.loosening-expired", Ct));
    }

    [Fact]
    public async Task Consent_that_is_asked_for_more_than_it_names_is_not_set_aside()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        await NeedAsync(two, s_training);
        var id = await two.AskAsync(Ct, "allowed");
        await NeedAsync(two, s_more);

        using var stale = await TwoPeople.DecideAsync(two.Second, id, Ct);
        await NeedAsync(two, s_training);
        using var done = await TwoPeople.DecideAsync(two.Second, id, Ct);

        Assert.Equal((HttpStatusCode.Conflict, "loosening-stale"), (stale.StatusCode, await SharedLink.SlugAsync(stale, Ct)));
        Assert.Equal((HttpStatusCode.OK, "allowed"), (done.StatusCode, await two.TagAsync(Ct)));
    }

    [Fact]
    public async Task A_rule_that_was_taken_back_is_taken_back_for_what_was_asked_under_it()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        var id = await two.AskAsync(Ct);
        (await two.PolicyAsync(new { approval = false }, Ct)).EnsureSuccessStatusCode().Dispose();
        using var off = await TwoPeople.DecideAsync(two.Second, id, Ct);
        vault.Clock.Advance(TimeSpan.FromSeconds(1));
        (await two.PolicyAsync(new { approval = true, reason = "After all." }, Ct)).EnsureSuccessStatusCode().Dispose();
        using var onAgain = await TwoPeople.DecideAsync(two.Second, id, Ct);

        Assert.Equal(("loosening-stale", "loosening-stale", "no-tdm"), (await SharedLink.SlugAsync(off, Ct), await SharedLink.SlugAsync(onAgain, Ct), await two.TagAsync(Ct)));
    }

    [Fact]
    public async Task Who_may_not_loosen_any_more_does_not_ask_any_more()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        var id = await two.AskAsync(Ct, by: two.Second);
        await using (var scope = two.Tenant.Enter())
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Memberships.Where(row => row.MemberId == two.Admin.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, Role.Contributor), Ct);

        using var stale = await TwoPeople.DecideAsync(two.Asker, id, Ct);

        Assert.Equal((HttpStatusCode.Conflict, "loosening-stale", "no-tdm"), (stale.StatusCode, await SharedLink.SlugAsync(stale, Ct), await two.TagAsync(Ct)));
    }

    [Fact]
    public async Task The_same_wish_is_the_same_request_and_another_wish_ends_it()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        var (first, again, other) = (await two.AskAsync(Ct), await two.AskAsync(Ct, by: two.Second), await two.AskAsync(Ct, "allowed"));

        Assert.Equal((first, "stale", "pending"), (again, await two.StateAsync(first, Ct), await two.StateAsync(other, Ct)));
        Assert.Equal(2, (await two.EventsAsync("recording.loosening-asked", Ct)).Count);
    }

    [Fact]
    public async Task What_is_over_for_long_goes_and_what_waits_stays()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        var (over, waits) = (await two.AskAsync(Ct), await two.AskAsync(Ct, "allowed"));

        await using var scope = vault.Vault.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<EndedLoosenings>(scope.ServiceProvider).DeleteAsync(vault.Clock.GetUtcNow().AddSeconds(1), Ct);
        using var gone = await two.Second.GetAsync($"/api/v1/loosenings/{over}", Ct);

        Assert.Equal((HttpStatusCode.NotFound, "pending"), (gone.StatusCode, await two.StateAsync(waits, Ct)));
    }

    private static async Task NeedAsync(TwoPeople two, string[] uses) => (await two.PolicyAsync(new { needConsent = uses, reason = "For the test." }, Ct)).EnsureSuccessStatusCode().Dispose();

    private async Task SweepAsync()
    {
        await using var scope = vault.Vault.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SystemJobRunner<SweepLooseningsJob>>().RunAsync(Ct);
    }
}
