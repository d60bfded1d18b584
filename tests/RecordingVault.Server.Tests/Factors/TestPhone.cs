using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OtpNet;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Tests.Factors;

/// <summary>The authenticator app of a member or an operator, and the paper with a member's recovery codes.</summary>
internal sealed partial class TestPhone(byte[] seed, TimeProvider clock)
{
    private int codes;

    public byte[] Seed => seed;

    public IReadOnlyList<string> RecoveryCodes { get; private set; } = [];

    /// <summary>
    /// The code of a step that was not used before. A clock that stands is moved on to it; on one that runs the first is of the step before, so that three can
    /// follow one another without a wait.
    /// </summary>
    public string NextCode()
    {
        if (clock is not FakeTimeProvider standing)
            return TimeCode.At(clock.GetUtcNow().AddSeconds(30 * (codes++ - 1)), seed);
        standing.Advance(TimeSpan.FromSeconds(30));
        return SameCode();
    }

    public string SameCode() => TimeCode.At(clock.GetUtcNow(), seed);

    /// <summary>Sets it up in the settings of a browser that is signed in.</summary>
    public static async Task<TestPhone> SetUpAsync(TestBrowser browser, FakeTimeProvider clock, CancellationToken cancellationToken)
    {
        var (phone, offered) = await LookAsync(browser, clock, cancellationToken);
        var answer = await browser.PostFormAsync(SetUpAuthenticator.Path, [("seed", offered), ("code", phone.NextCode())], cancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        phone.RecoveryCodes = [.. Code().Matches(await answer.Content.ReadAsStringAsync(cancellationToken)).Select(match => match.Groups[1].Value)];
        return phone;
    }

    /// <summary>Looks at the page without sending a code.</summary>
    public static async Task<(TestPhone Phone, string Offered)> LookAsync(TestBrowser browser, FakeTimeProvider clock, CancellationToken cancellationToken)
    {
        var page = await (await browser.GetAsync(SetUpAuthenticator.Path, cancellationToken)).Content.ReadAsStringAsync(cancellationToken);
        var text = SeedText().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        return (new TestPhone(Base32Encoding.ToBytes(text), clock), Sealed().Match(page).Groups[1].Value);
    }

    /// <summary>Password and code, at the door.</summary>
    public async Task<HttpResponseMessage> SignInAsync(TestBrowser browser, TestMember member, CancellationToken cancellationToken)
    {
        var half = await browser.SignInAsync(member, cancellationToken);
        Assert.Equal(SignIn.CodePath, half.Headers.Location?.OriginalString);
        return await SendAsync(browser, NextCode(), cancellationToken);
    }

    public static Task<HttpResponseMessage> SendAsync(TestBrowser browser, string code, CancellationToken cancellationToken) =>
        browser.PostFormAsync(SignIn.CodePath, [("code", code)], cancellationToken);

    /// <summary>A passkey in the rows, for tests that ask whether there is one and do not use it.</summary>
    public static async Task AddPasskeyRowAsync(TestTenant tenant, TestMember member, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // As whatever adds one does: what is known of the member's sessions is read anew.
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(
            new AuditEntry("passkey.added", Actor.System, AuditTargetKind.Member, member.Id) { ChangesPermission = true }, cancellationToken);
        var data = new IdentityPasskeyData { PublicKey = [1], AttestationObject = [], ClientDataJson = [], CreatedAt = DateTimeOffset.UnixEpoch };
        db.Set<IdentityUserPasskey<Guid>>().Add(new IdentityUserPasskey<Guid> { UserId = member.Id, CredentialId = Guid.NewGuid().ToByteArray(), Data = data });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    [GeneratedRegex("id=\"seed-text\" readonly value=\"([A-Z2-7 ]+)\"")]
    private static partial Regex SeedText();

    [GeneratedRegex("name=\"seed\" value=\"([^\"]+)\"")]
    private static partial Regex Sealed();

    [GeneratedRegex("<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>")]
    private static partial Regex Code();
}

/// <summary>Remembers what members were told.</summary>
internal sealed class RecordedNotices : IMemberNotices
{
    public List<(Guid MemberId, MemberNotice Notice)> Told { get; } = [];

    public Task TellAsync(Guid memberId, MemberNotice notice, CancellationToken cancellationToken)
    {
        lock (Told)
            Told.Add((memberId, notice));
        return Task.CompletedTask;
    }
}

/// <summary>A vault whose clock stands still until a test moves it, and that remembers what it told members.</summary>
public sealed class FactorVault : IAsyncLifetime
{
    private TestVault? vault;

    public TestVault Vault => vault ?? throw new InvalidOperationException("The vault has not started.");

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));

    internal RecordedNotices Notices { get; } = new();

    public async ValueTask InitializeAsync() => vault = await TestVault.StartAsync(builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<IMemberNotices>(Notices);
    });

    public ValueTask DisposeAsync() => vault?.DisposeAsync() ?? ValueTask.CompletedTask;
}
