using System.Globalization;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Wording;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Asking;

/// <summary>GET /c/{id}. Without the link's cookie it is the gate, the same for every id: it asks the database nothing.</summary>
internal static class ShowQuestion
{
    public static async Task<IResult> Handle(Guid id, HttpContext http, ConsentDoor door, QuestionPages pages, PageFrames frames, CancellationToken cancellationToken)
    {
        var culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage);
        return await door.VisitAsync(http, id, cancellationToken) is { } visit
            ? await pages.AskAsync(http, visit, culture, putBack: null, cancellationToken)
            : PageAnswers.Page<GatePage>(new GatePageModel(frames.ForVisitor(http) with { Culture = culture }, id) { Of = GateOf.Question });
    }
}

/// <summary>An answer that could not be kept, as the person gave it.</summary>
internal sealed record PutBack(IReadOnlySet<Purpose> Yes, string Signature, bool WrongName)
{
    /// <summary>It said yes, and the time for that is over.</summary>
    public bool IsOver { get; init; }

    /// <summary>It said yes to words that were changed meanwhile.</summary>
    public bool IsReworded { get; init; }

    public int Status => IsOver ? AskingProblems.AskingOver.Status : IsReworded ? AskingProblems.Reworded.Status : StatusCodes.Status400BadRequest;
}

/// <summary>The pages that people see who were recorded.</summary>
internal sealed class QuestionPages(
    VaultDbContext db, TenantKeys keys, RecordingReading recordings, BesideFilm beside, MemberDirectory members, ConsentTexts texts, PageFrames frames, PublicAddress address, TimeProvider time)
{
    public async Task<IResult> AskAsync(HttpContext http, ConsentVisit visit, CultureInfo culture, PutBack? putBack, CancellationToken cancellationToken)
    {
        var (request, now) = (visit.Request, time.Now());
        var frame = await FrameAsync(http, culture, cancellationToken);
        var owner = await AskerAsync(request, cancellationToken);
        // By a receipt it opens whatever became of the request; the request itself ends.
        if (visit.Found.Receipt is null && request.StoppedAt is { } stoppedAt)
            return PageAnswers.Page<EndedPage>(new EndedPageModel(frame, LinkEnd.Stopped, stoppedAt, owner?.Name, owner?.Email), StatusCodes.Status410Gone);
        if (visit.Found.Receipt is null && request.StateAt(now) is RequestState.Expired)
            return PageAnswers.Page<EndedPage>(new EndedPageModel(frame, LinkEnd.Expired, request.ExpiresAt, owner?.Name, owner?.Email), StatusCodes.Status410Gone);
        if (await recordings.FindAsync(request.RecordingId, cancellationToken) is not { } recording)
            return new NoSuchPage();
        using var key = await keys.RecordingKeyAsync(request.RecordingId, cancellationToken);
        var states = await db.ConsentStates.AsNoTracking().Where(state => state.RecordingId == request.RecordingId && state.ParticipantId == request.ParticipantId)
            .ToDictionaryAsync(state => state.Purpose, state => state.Status, cancellationToken);
        var mayGive = visit.Found.Receipt is null && request.TakesAnswers(now);
        var shown = await texts.ChooseAsync(http.Request.Headers.AcceptLanguage, cancellationToken);
        var own = shown.Words?.Filled(new QuestionFacts(visit.Name, frame.TenantName ?? "", recording.Title, recording.RecordedAt ?? recording.CreatedAt, request.ExpiresAt), shown.Culture);
        var model = new QuestionPageModel
        {
            Frame = frame,
            LinkId = visit.Found.LinkId,
            Name = visit.Name,
            Title = recording.Title,
            RecordedAt = recording.RecordedAt ?? recording.CreatedAt,
            Duration = recording.DurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Others = [.. recording.Participants.Where(person => person.Id != request.ParticipantId).Select(person => person.Name)],
            Uses = [.. request.Asked.Select(purpose => new AskedUse(purpose.Name(), putBack is not null ? putBack.Yes.Contains(purpose) : Said(states, purpose)))],
            AskedBy = owner?.Name,
            ContactEmail = owner?.Email,
            Note = request.Note?.Open(key, request.TenantId, request.Id, ConsentRequest.NoteColumn),
            ExpiresAt = request.ExpiresAt,
            MayGive = mayGive,
            IsReceipt = visit.Found.Receipt is not null,
            IsAnswered = request.AnsweredAt is not null,
            Signature = putBack?.Signature ?? visit.Name,
            TextVersion = shown.Version,
            TextLanguage = shown.Language,
            Own = own is null ? null : new OwnQuestion(own.Title, own.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), own.Uses),
            IsReworded = putBack?.IsReworded is true,
            IsSignatureWrong = putBack?.WrongName is true,
            Player = mayGive && request.MayWatch ? await PlayerAsync(visit, recording, cancellationToken) : null,
        };
        return PageAnswers.Page<QuestionPage>(model, putBack?.Status ?? StatusCodes.Status200OK);
    }

    public async Task<IResult> ThanksAsync(HttpContext http, ConsentVisit visit, CultureInfo culture, KeptAnswer kept, CancellationToken cancellationToken)
    {
        var owner = await AskerAsync(visit.Request, cancellationToken);
        return PageAnswers.Page<ThanksPage>(new ThanksPageModel
        {
            Frame = await FrameAsync(http, culture, cancellationToken),
            LinkId = visit.Found.LinkId,
            Name = visit.Name,
            Uses = [.. kept.Says.Select(said => new AskedUse(said.Key.Name(), said.Value == ConsentStatus.Given))],
            TakenBack = [.. kept.TakenBack.Select(purpose => purpose.Name())],
            ReceiptUrl = $"{address.Root(http.Request)}{ConsentPaths.Of(kept.Receipt.Id)}#{SecretToken.ToText(kept.Secret)}",
            IsMailed = kept.IsMailed,
            AskedBy = owner?.Name,
            ContactEmail = owner?.Email,
        });
    }

    private async Task<PlayerModel?> PlayerAsync(ConsentVisit visit, RecordingResponse recording, CancellationToken cancellationToken)
    {
        var root = ConsentPaths.Of(visit.Found.LinkId);
        var played = recording.Assets.FirstOrDefault(asset => asset.Id == recording.Plays);
        if (played is null || recording.TrashedAt is not null || recording.State == RecordingState.Receiving.Name() || recording.Label == ConfidentialityLabel.Restricted.Name())
            return null;
        return await beside.AddAsync(new PlayerModel
        {
            Source = $"{root}/content?asset={played.Id}",
            Title = recording.Title,
            MediaType = ServedMedia.Of(played.MediaType).Inline,
            Duration = recording.DurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            PaceHref = $"{root}/pace",
            Mark = visit.Name,
        }, recording, root, cancellationToken);
    }

    private static bool? Said(Dictionary<Purpose, ConsentStatus> states, Purpose purpose) => states.TryGetValue(purpose, out var status)
        ? status switch
        {
            ConsentStatus.Given => true,
            ConsentStatus.Refused or ConsentStatus.Withdrawn => false,
            _ => null,
        }
        : null;

    private async Task<PageFrame> FrameAsync(HttpContext http, CultureInfo culture, CancellationToken cancellationToken) =>
        frames.ForVisitor(http) with { Culture = culture, TenantName = await frames.TenantNameAsync(cancellationToken) };

    private async Task<ShareOwner?> AskerAsync(ConsentRequest request, CancellationToken cancellationToken)
    {
        var maker = request.CreatedBy;
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(member => member.Id == maker, cancellationToken) is { } member ? new ShareOwner(members.NameOf(member), member.Email) : null;
    }
}
