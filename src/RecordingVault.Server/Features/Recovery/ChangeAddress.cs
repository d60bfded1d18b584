using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>The member's own page for another address: it begins a change, shows one that is open, and stops it.</summary>
internal static class ChangeAddress
{
    public const string Path = "/settings/address";

    public static async Task<IResult> Show(HttpContext http, AddressAnswer answer, TimeProvider time, CancellationToken cancellationToken) =>
        FreshSignIn.Check(http, time.GetUtcNow()) is null ? await answer.PageAsync(http, null, null, StatusCodes.Status200OK, cancellationToken) : SignInFirst();

    public static async Task<IResult> Handle(
        HttpContext http, AddressAnswer answer, AddressTries tries, MemberDirectory directory, AddressChanging changing, TimeProvider time, CancellationToken cancellationToken)
    {
        if (FreshSignIn.Check(http, time.GetUtcNow()) is not null)
            return SignInFirst();
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var member = await directory.GetAsync(http.User.MemberId(), cancellationToken);
        var wanted = form["email"].Trim();
        if (!answer.CanMail)
            return await answer.PageAsync(http, null, null, StatusCodes.Status200OK, cancellationToken);
        if (MemberRules.CheckEmail(wanted) is { } wrong || !Outbox.CanTake(wanted))
            return await answer.PageAsync(http, wanted, "Give an e-mail address, such as helen@example.com.", StatusCodes.Status400BadRequest, cancellationToken);
        if (string.Equals(wanted, member.Email, StringComparison.Ordinal))
            return await answer.PageAsync(http, wanted, "This is your address already.", StatusCodes.Status400BadRequest, cancellationToken);
        if (await tries.TakeAsync(member, cancellationToken) is { } until)
        {
            http.Response.RetryAfter(until - time.Now());
            return await answer.PageAsync(http, wanted, MembersProblems.WaitSentence(until), StatusCodes.Status429TooManyRequests, cancellationToken);
        }

        return await changing.BeginAsync(member, wanted, http.Actor(), cancellationToken)
            ? TypedResults.LocalRedirect(Path)
            : await answer.PageAsync(http, wanted, "The letters could not be written. Ask whoever runs this vault to change your address.", StatusCodes.Status409Conflict, cancellationToken);
    }

    public static async Task<IResult> Stop(HttpContext http, MemberDirectory directory, AddressChanging changing, CancellationToken cancellationToken)
    {
        if (await changing.FindOpenAsync(await directory.GetAsync(http.User.MemberId(), cancellationToken), cancellationToken) is { } change)
            await changing.StopAsync(change, http.Actor(), cancellationToken);
        return TypedResults.LocalRedirect(Path);
    }

    private static RedirectHttpResult SignInFirst() => TypedResults.LocalRedirect($"{SignInAgain.Path}?returnTo={Uri.EscapeDataString(Path)}");
}

internal sealed class AddressAnswer(PageFrames frames, MemberDirectory directory, AddressChanging changing, LetterStandings letters, Outbox outbox)
{
    public bool CanMail => outbox.IsConfigured;

    public async Task<IResult> PageAsync(HttpContext http, string? wanted, string? error, int status, CancellationToken cancellationToken)
    {
        var member = await directory.GetAsync(http.User.MemberId(), cancellationToken);
        var open = await changing.FindOpenAsync(member, cancellationToken);
        return PageAnswers.Page<AddressPage>(
            new AddressPageModel
            {
                Frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken),
                Email = member.Email!,
                CanMail = CanMail,
                Wanted = wanted,
                Error = error,
                Open = open is null ? null : new OpenAddressChange(changing.AddressOf(open), open.NewAgreedAt is not null, open.OldAgreedAt is not null, open.EndsAt)
                {
                    NewFailure = (await letters.FindAsync(open.Id, cancellationToken))?.Sentence,
                    OldFailure = (await letters.FindAsync(member.Id, cancellationToken))?.Sentence,
                },
            },
            status);
    }
}

/// <summary>Each change writes to an address that its reader may never have given: three an hour, and then more slowly.</summary>
internal sealed class AddressTries(Throttling throttling, LookupDigest lookup)
{
    private static readonly ThrottleRule ByAccount = new("address-change", 3, TimeSpan.FromHours(1));

    public Task<DateTimeOffset?> TakeAsync(Member member, CancellationToken cancellationToken) =>
        throttling.TryAsync([new ThrottleSubject(ByAccount, lookup.Of(member.Email!))], cancellationToken);
}
