// The member's page of asking: the list of who was asked follows the answers while it is open.
import { keepFresh } from '../parts/live';

keepFresh();
