using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Mail;

namespace RecordingVault.Server.Tests.Retention.Due;

/// <summary>A week before, one letter a night to each who made something that ends, and to who answers for all of it; it names nothing and nobody.</summary>
public sealed class DueLetterTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_hears_once_of_what_is_his_and_who_has_left_hears_nothing()
    {
        await using var sink = await MailSink.StartAsync();
        await using var mailing = await MailingVault.StartAsync(sink.Port);
        var house = await DueHouse.MakeAsync(mailing.Vault, mailing.Clock, Ct);
        var (maker, leaver) = (await house.Tenant.AddAsync(Role.Contributor, Ct), await house.Tenant.AddAsync(Role.Contributor, Ct));
        await house.RecordingAsync(Ct, maker.Id);
        await house.RecordingAsync(Ct, leaver.Id);
        await house.RecordingAsync(Ct, leaver.Id);
        await house.ScheduleAsync(Ct, disposeAfter: "P9D");
        var now = mailing.Clock.GetUtcNow();
        await house.ChangeAsync(db => db.Memberships.Where(row => row.MemberId == leaver.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), Ct));
        await house.ChangeAsync(db => db.Users.Where(row => row.Id == maker.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Language, "de"), Ct));

        mailing.Clock.Advance(TimeSpan.FromDays(3));
        await house.NightAsync(Ct);
        var written = await mailing.RowsAsync(Ct);
        mailing.Clock.Advance(TimeSpan.FromDays(1));
        await house.NightAsync(Ct);
        var afterAnother = await mailing.RowsAsync(Ct);
        await mailing.SendAsync(Ct);
        var letters = new[] { await sink.NextAsync(Ct), await sink.NextAsync(Ct) };
        var (owners, makers) = (letters.Single(letter => letter.To == house.Tenant.Owner.Email), letters.Single(letter => letter.To == maker.Email));

        Assert.Equal((2, 2), (written.Count, afterAnother.Count));
        Assert.Equal("3 recordings end on or after 2 December", owners.Message.Subject);
        Assert.Equal("Eine Aufnahme läuft ab dem 2. Dezember ab", makers.Message.Subject);
        Assert.All(letters, letter => Assert.Contains("\nhttp://localhost/retention\n", letter.Text, StringComparison.Ordinal));
        Assert.All(letters, letter => Assert.DoesNotContain("marker", letter.Text, StringComparison.Ordinal));
    }
}
