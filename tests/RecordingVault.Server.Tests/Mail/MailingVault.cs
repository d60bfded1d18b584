using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Mail;

/// <summary>A vault that sends to a sink on this machine. Its clock stands still, and it runs no job by itself unless a test asks for that.</summary>
internal sealed class MailingVault : IAsyncDisposable
{
    private MailingVault(TestVault vault, FakeTimeProvider clock) => (Vault, Clock) = (vault, clock);

    public TestVault Vault { get; }

    public FakeTimeProvider Clock { get; }

    public static async Task<MailingVault> StartAsync(int port, bool works = false, X509Certificate2? trusted = null, params (string Name, string? Value)[] settings)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Vault:PublicUrl"] = "http://localhost",
            ["Vault:Roles"] = works ? "web,worker" : "web",
            ["Vault:Smtp:Host"] = "localhost",
            ["Vault:Smtp:Port"] = port.ToString(CultureInfo.InvariantCulture),
            ["Vault:Smtp:Security"] = "none",
            ["Vault:Smtp:From"] = "vault@example.com",
        };
        foreach (var (name, value) in settings)
            values[$"Vault:Smtp:{name}"] = value;
        return new MailingVault(await TestVault.StartAsync(Configure, settings: values), clock);

        void Configure(WebApplicationBuilder builder)
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            if (trusted is not null)
                builder.Services.AddSingleton(new SmtpTrust((_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(trusted.RawData)));
        }
    }

    /// <summary>Puts a letter down as slices do: in a transaction of theirs.</summary>
    public async Task<bool> PutAsync(Letter letter, CancellationToken cancellationToken, bool commits = true)
    {
        await using var scope = Vault.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var isPut = scope.ServiceProvider.GetRequiredService<Outbox>().Put(letter);
        await db.SaveChangesAsync(cancellationToken);
        if (commits)
            await transaction.CommitAsync(cancellationToken);
        return isPut;
    }

    public async Task TellAsync(Guid memberId, MemberNotice notice, CancellationToken cancellationToken)
    {
        await using var scope = Vault.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<IMemberNotices>().TellAsync(memberId, notice, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>One run of the job.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        await using var scope = Vault.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<SendMailJob>(scope.ServiceProvider).RunAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<OutgoingMail>> RowsAsync(CancellationToken cancellationToken)
    {
        await using var scope = Vault.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().OutgoingMails.AsNoTracking().OrderBy(mail => mail.Id).ToListAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => Vault.DisposeAsync();
}
