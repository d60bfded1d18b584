namespace RecordingVault.Server.Features.Members;

/// <summary>How many tries are free, and how the wait grows after them. The wait has an end, so nobody is locked out for good.</summary>
internal sealed record ThrottleRule(string Name, int FreeTries, TimeSpan LongestWait)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);

    /// <summary>Against guessing one account's password from one network.</summary>
    public static readonly ThrottleRule Network = new("network", 5, TimeSpan.FromMinutes(15));

    /// <summary>Of a browser in which this account signed in before: strangers' tries are not counted against it, nor its own against the account.</summary>
    public static readonly ThrottleRule Browser = new("browser", 5, TimeSpan.FromMinutes(15));

    /// <summary>
    /// Against guessing one account's password from many networks. Its longest wait is shorter than a network's: a single network that goes on trying
    /// leaves the account open most of the time.
    /// </summary>
    public static readonly ThrottleRule Account = new("account", 20, TimeSpan.FromMinutes(5));

    /// <summary>Against one machine that tries many accounts; an office behind one address signs in through it too.</summary>
    public static readonly ThrottleRule Address = new("address", 20, TimeSpan.FromMinutes(15));

    /// <summary>Against guessing codes of somebody whose password is known. Six digits are few, so the wait grows longer than a password's; a known browser and a passkey do not wait here.</summary>
    public static readonly ThrottleRule Code = new("code", 5, TimeSpan.FromHours(1));

    /// <summary>Codes tried in a browser in which this account signed in before.</summary>
    public static readonly ThrottleRule BrowserCode = new("browser-code", 5, TimeSpan.FromMinutes(15));

    /// <summary>Against one machine that sends made-up answers of passkeys. A count of its own: whoever waits with passwords signs in by passkey, and the other way round.</summary>
    public static readonly ThrottleRule Passkeys = new("passkeys", 20, TimeSpan.FromMinutes(15));

    /// <summary>Against guessing at one share link; its passcode has a count of its own beside this.</summary>
    public static readonly ThrottleRule Link = new("link", 20, TimeSpan.FromMinutes(15));

    /// <summary>Without a try for a day, a subject starts anew.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    /// <summary>How long to wait after so many tries: nothing, then 5 seconds, 10, 20 … up to the longest.</summary>
    public TimeSpan WaitAfter(int tries)
    {
        if (tries < FreeTries)
            return TimeSpan.Zero;
        var doublings = Math.Min(tries - FreeTries, 10);
        var wait = FirstWait * Math.Pow(2, doublings);
        return wait < LongestWait ? wait : LongestWait;
    }
}
