import { ExactOnlineTrigger } from '../../../../../nodes/ExactOnline/ExactOnlineTrigger.node';
import { servePolls } from '../../../../support/processes/pollingProcess';

servePolls(new ExactOnlineTrigger());
