'use strict';

/* global jest, testLimitMs */

// Jest takes `testTimeout` for all projects alike; this gives each kind of test a limit of its own.
jest.setTimeout(testLimitMs);
