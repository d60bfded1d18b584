namespace RecordingVault.Server.Features.Members;

/// <summary>How many tries are free, and how the wait grows after them. The wait has an end, so nobody is locked out for good.</summary>
internal sealed record ThrottleRule(string Name, int FreeTries)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <summary>Against guessing the password of one account.</summary>
    public static readonly ThrottleRule Account = new("account", 5);

    /// <summary>Against one machine that tries many accounts; an office behind one address signs in through it too.</summary>
    public static readonly ThrottleRule Address = new("address", 20);

    /// <summary>Against guessing at one share link; its passcode has a count of its own beside this.</summary>
    public static readonly ThrottleRule Link = new("link", 20);

    /// <summary>Without a try for a day, a subject starts anew.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    /// <summary>How long to wait after so many tries: nothing, then 5 seconds, 10, 20 … 15 minutes.</summary>
    public TimeSpan WaitAfter(int tries)
    {
        if (tries < FreeTries)
            return TimeSpan.Zero;
        var doublings = Math.Min(tries - FreeTries, 10);
        var wait = FirstWait * Math.Pow(2, doublings);
        return wait < LongestWait ? wait : LongestWait;
    }
}
