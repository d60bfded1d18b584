using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Members;

/// <summary>What tries are counted against: a rule and the digest of an account, an address or a link.</summary>
internal sealed record ThrottleSubject(ThrottleRule Rule, string Digest)
{
    public string Key => $"{Rule.Name}:{Digest}";
}

/// <summary>
/// Counts tries in the database before the check that they are for (security.md 9): a try takes its number by compare-and-swap on the row,
/// so of many parallel tries only as many pass as one after another would.
/// </summary>
internal sealed class Throttling(VaultDbContext db, VaultKeyring keyring, TimeProvider time)
{
    private const string Column = "throttles.subject";

    public static ThrottleSubject Account(string lookupDigest) => new(ThrottleRule.Account, lookupDigest);

    public ThrottleSubject Address(IPAddress? address) => new(ThrottleRule.Address, Digest(Network(address)));

    public ThrottleSubject Passkeys(IPAddress? address) => new(ThrottleRule.Passkeys, Digest(Network(address)));

    public ThrottleSubject Link(Guid shareId) => new(ThrottleRule.Link, Digest(shareId.ToString()));

    public ThrottleSubject Code(Guid memberId) => new(ThrottleRule.Code, Digest(memberId.ToString()));

    public static ThrottleSubject BrowserCode(Guid id) => new(ThrottleRule.BrowserCode, id.ToString("N"));

    public static ThrottleSubject Browser(Guid id) => new(ThrottleRule.Browser, id.ToString("N"));

    public ThrottleSubject Network(string lookupDigest, IPAddress? address) => new(ThrottleRule.Network, Digest($"{lookupDigest} {Network(address)}"));

    /// <summary>Takes one try of each subject, in this order. Null: go on. Else the moment from which a try is let through again; nothing is counted then, not against the earlier ones either.</summary>
    public async Task<DateTimeOffset?> TryAsync(IReadOnlyList<ThrottleSubject> subjects, CancellationToken cancellationToken)
    {
        for (var i = 0; i < subjects.Count; i++)
        {
            if (await TryAsync(subjects[i], cancellationToken) is not { } wait)
                continue;
            foreach (var taken in subjects.Take(i))
                await GiveBackAsync(taken, cancellationToken);
            return wait;
        }

        return null;
    }

    /// <summary>The owner proved himself: the account starts anew.</summary>
    public Task ForgetAsync(ThrottleSubject subject, CancellationToken cancellationToken) =>
        db.Throttles.Where(row => row.Subject == subject.Key).ExecuteDeleteAsync(cancellationToken);

    /// <summary>The try was good and is not counted. Earlier ones stay: signing in to one's own account buys no guesses at others.</summary>
    public async Task GiveBackAsync(ThrottleSubject subject, CancellationToken cancellationToken)
    {
        // A row that counts nothing would stay for a day: whoever waits with his address could else fill the table with made-up accounts.
        if (await db.Throttles.Where(row => row.Subject == subject.Key && row.Tries == 1).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            await db.Throttles.Where(row => row.Subject == subject.Key && row.Tries > 1)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Tries, row => row.Tries - 1), cancellationToken);
        }
    }

    private string Digest(string text) => Convert.ToHexStringLower(KeyedDigest.Compute(keyring.Vault, Column, text));

    private async Task<DateTimeOffset?> TryAsync(ThrottleSubject subject, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.Now();
            var row = await db.Throttles.AsNoTracking().SingleOrDefaultAsync(row => row.Subject == subject.Key, cancellationToken);
            if (row is null)
            {
                if (await TryFirstAsync(subject, now, cancellationToken))
                    return null;
                continue;
            }

            var wait = subject.Rule.WaitAfter(row.Tries);
            // A try that came in at the same time may have been written with a later moment than ours: free tries wait for nothing.
            if (wait > TimeSpan.Zero && now < row.LastTryAt + wait)
                return row.LastTryAt + wait;
            var tries = now - row.LastTryAt > ThrottleRule.Memory ? 1 : row.Tries + 1;
            var taken = await db.Throttles
                .Where(other => other.Subject == row.Subject && other.Tries == row.Tries && other.LastTryAt == row.LastTryAt)
                .ExecuteUpdateAsync(set => set.SetProperty(other => other.Tries, tries).SetProperty(other => other.LastTryAt, now), cancellationToken);
            if (taken == 1)
                return null;
        }
    }

    /// <summary>False when another request made the row first.</summary>
    private async Task<bool> TryFirstAsync(ThrottleSubject subject, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Names tried once by a passing stranger would stay for ever; a new one clears away what is forgotten anyway.
        var forgotten = now - ThrottleRule.Memory;
        await db.Throttles.Where(row => row.LastTryAt < forgotten).ExecuteDeleteAsync(cancellationToken);
        var row = new Throttle { Subject = subject.Key, Tries = 1, LastTryAt = now };
        db.Throttles.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException refused) when (refused.IsUniqueViolation())
        {
            return false;
        }
        finally
        {
            db.Entry(row).State = EntityState.Detached;
        }
    }

    /// <summary>Who has one IPv6 address has its whole /64.</summary>
    public static string Network(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }
}
